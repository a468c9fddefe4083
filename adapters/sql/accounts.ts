/** The accounts port over any engine that speaks the common subset. */
import type { Accounts } from "@damso/core/ports/accounts";
import { sqlContacts } from "./contacts.ts";
import { sqlCredentials } from "./credentials.ts";
import type { Database } from "./database.ts";
import { sqlDirectory } from "./directory.ts";
import { sqlLogInCodes } from "./log-in-codes.ts";
import { sqlOutbox } from "./outbox.ts";
import { sqlSessions } from "./sessions.ts";
import { sqlSubscriptions } from "./subscriptions.ts";
import { sqlUsers } from "./users.ts";

export function sqlAccounts(database: Database): Accounts {
  return {
    directory: sqlDirectory(database),
    users: sqlUsers(database),
    credentials: sqlCredentials(database),
    sessions: sqlSessions(database),
    log_in_codes: sqlLogInCodes(database),
    contacts: sqlContacts(database),
    subscriptions: sqlSubscriptions(database),
    outbox: sqlOutbox(database),
    close: () => database.close(),
  };
}
