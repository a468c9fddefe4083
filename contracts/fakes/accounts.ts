/** The accounts port in memory: complete, for tests and simulations. It passes `contracts/accounts.ts`. */
import type { Accounts, Outbox } from "@damso/core/ports/accounts";
import { memoryContacts, memorySubscriptions } from "./accounts-contacts.ts";
import type { AccountsData, Run } from "./accounts-data.ts";
import { emptyAccounts, running } from "./accounts-data.ts";
import { memoryLogInCodes } from "./accounts-log-in-codes.ts";
import { memorySessions } from "./accounts-sessions.ts";
import { memoryCredentials, memoryDirectory, memoryUsers } from "./accounts-users.ts";

/** The store over `data`, which outlives it as a file outlives a process. */
export function memoryAccounts(data: AccountsData = emptyAccounts()): Accounts {
  let isClosed = false;
  const run = running(() => isClosed);
  return {
    directory: memoryDirectory(data, run),
    users: memoryUsers(data, run),
    credentials: memoryCredentials(data, run),
    sessions: memorySessions(data, run),
    log_in_codes: memoryLogInCodes(data, run),
    contacts: memoryContacts(data, run),
    subscriptions: memorySubscriptions(data, run),
    outbox: memoryOutbox(data, run),
    close: () => {
      isClosed = true;
      return Promise.resolve();
    },
  };
}

function memoryOutbox(data: AccountsData, run: Run): Outbox {
  return {
    take: (limit, signal) => run(signal, () => data.outbox.slice(0, limit)),
    takeOf: (user_id, limit, signal) =>
      run(signal, () => data.outbox.filter((row) => row.user_id === user_id).slice(0, limit)),
    remove: (ids, signal) =>
      run(signal, () => {
        const gone = new Set(ids);
        data.outbox = data.outbox.filter((row) => !gone.has(row.id));
      }),
  };
}
