/** What a shard asks about a user, in one statement and so from one moment. */
import type { Directory, Profile } from "@damso/core/ports/directory";
import type { UserId } from "@damso/protocol/ids";
import type { Database } from "./database.ts";
import type { UserRow } from "./rows.ts";
import { toUser } from "./rows.ts";

type Row = UserRow & { relation: "contact" | "block" | "push" | null; other_id: UserId | null };

export function sqlDirectory(database: Database): Directory {
  return {
    profile: (user_id, signal) =>
      database.read(async (sql) => {
        const rows = await sql<Row[]>`SELECT u.*, r.relation, r.other_id FROM users u LEFT JOIN (
            SELECT 'contact' AS relation, other_id FROM contacts WHERE user_id = ${user_id}
            UNION ALL SELECT 'block', other_id FROM blocks WHERE user_id = ${user_id}
            UNION ALL SELECT 'push', device_id FROM subscriptions WHERE user_id = ${user_id}
          ) r ON TRUE WHERE u.user_id = ${user_id}`;
        return rows[0] && toProfile(rows[0], rows);
      }, signal),
  };
}

function toProfile(row: UserRow, relations: readonly Row[]): Profile {
  const { user_id, deleted_at, settings } = toUser(row);
  const others = (relation: Row["relation"]): UserId[] =>
    relations.flatMap((r) => (r.relation === relation && r.other_id !== null ? [r.other_id] : []));
  return {
    user_id,
    deleted: deleted_at !== null,
    presence: settings.presence,
    who_may_message: settings.who_may_message,
    receipts: settings.receipts,
    push: settings.push,
    private_push: settings.private_push,
    has_push: relations.some((r) => r.relation === "push"),
    contacts: new Set(others("contact")),
    blocks: new Set(others("block")),
  };
}
