/** Users and what becomes of them. */
import type {
  NewUser,
  Session,
  User,
  UserPatch,
  UserSummary,
} from "@damso/core/ports/account-records";
import { DEFAULT_SETTINGS } from "@damso/core/ports/account-records";
import type { UserQuery, Users } from "@damso/core/ports/accounts";
import type { UserId } from "@damso/protocol/ids";
import type { SQL } from "bun";
import type { Database, Transaction } from "./database.ts";
import { inChunks } from "./database.ts";
import { lockUser, tell } from "./outbox.ts";
import type { SummaryRow, UserRow } from "./rows.ts";
import { toSummary, toUser } from "./rows.ts";
import { revokeSessions } from "./revoke.ts";
import { createSession } from "./sessions.ts";

export function sqlUsers(database: Database): Users {
  return {
    create: (user, signal) => database.write((tx) => create(tx, user), signal),
    byIds: (ids, signal) =>
      database.read(async (sql) => {
        const rows = await inChunks(
          ids,
          (chunk) => sql<UserRow[]>`SELECT * FROM users WHERE user_id IN ${sql(chunk)}`,
        );
        return rows.map(toUser);
      }, signal),
    byUsername: (username, signal) =>
      database.read(async (sql) => {
        const rows = await sql<UserRow[]>`SELECT * FROM users
          WHERE username = ${username} AND deleted_at IS NULL`;
        return rows[0] && toUser(rows[0]);
      }, signal),
    update: (user_id, patch, now, signal) =>
      database.write((tx) => update(tx, user_id, patch, now), signal),
    remove: (user_id, now, signal) => database.write((tx) => remove(tx, user_id, now), signal),
    first: (signal) =>
      database.read(async (sql) => {
        const rows = await sql<{ user_id: UserId }[]>`SELECT user_id FROM users
          ORDER BY user_id LIMIT 1`;
        return rows[0]?.user_id;
      }, signal),
    list: (query, signal) => database.read((sql) => list(sql, query), signal),
  };
}

/** Above every id: all have 19 digits, and in no collation does a digit sort above 9. */
const AFTER_ALL = "9999999999999999999";

async function list(sql: SQL, { text, before, limit }: UserQuery): Promise<UserSummary[]> {
  const escaped = text.replaceAll(/[\\%_]/g, (sign) => `\\${sign}`);
  const rows = await sql<SummaryRow[]>`SELECT u.*,
      (SELECT COUNT(*) FROM sessions s WHERE s.user_id = u.user_id) AS sessions,
      (SELECT MAX(s.last_used_at) FROM sessions s WHERE s.user_id = u.user_id) AS last_used_at,
      (SELECT c.password_hash FROM credentials c WHERE c.user_id = u.user_id) AS password_hash
    FROM users u
    WHERE u.user_id < ${before ?? AFTER_ALL} AND (u.user_id = ${text}
      OR u.username LIKE ${`${escaped}%`} ESCAPE '\\'
      OR LOWER(u.name) LIKE ${`%${escaped}%`} ESCAPE '\\')
    ORDER BY u.user_id DESC LIMIT ${limit}`;
  return rows.map(toSummary);
}

async function create(tx: Transaction, user: NewUser): Promise<"created" | "username_taken"> {
  const row = {
    user_id: user.user_id,
    username: user.username,
    name: user.name,
    about: "",
    presence: DEFAULT_SETTINGS.presence,
    who_may_message: DEFAULT_SETTINGS.who_may_message,
    receipts: Number(DEFAULT_SETTINGS.receipts),
    push_direct: DEFAULT_SETTINGS.push.direct,
    push_group: DEFAULT_SETTINGS.push.group,
    private_push: Number(DEFAULT_SETTINGS.private_push),
    created_at: user.created_at,
    updated_at: user.created_at,
  };
  const created = await tx<unknown[]>`INSERT INTO users ${tx(row)}
    ON CONFLICT (username) DO NOTHING RETURNING user_id`;
  if (created.length === 0) return "username_taken";
  await tx`INSERT INTO credentials (user_id, password_hash, changed_at)
    VALUES (${user.user_id}, ${user.password_hash}, ${user.created_at})`;
  const rule = { devices_max: 1, if_hash: user.password_hash };
  if (user.session) await createSession(tx, user.session, rule);
  return "created";
}

/** Within a transaction: what `Users.update` promises. */
export async function update(
  tx: Transaction,
  user_id: UserId,
  patch: UserPatch,
  now: number,
): Promise<User | undefined> {
  if (!(await lockUser(tx, user_id, now))) return undefined;
  const profile = profileColumns(patch);
  const settings = settingsColumns(patch);
  const columns = { updated_at: now, ...profile, ...settings };
  const rows = await tx<UserRow[]>`UPDATE users SET ${tx(columns)}
    WHERE user_id = ${user_id} RETURNING *`;
  if (Object.keys(profile).length > 0) await tell(tx, user_id, { kind: "profile" }, now);
  if (Object.keys(settings).length > 0) await tell(tx, user_id, { kind: "settings" }, now);
  return rows[0] && toUser(rows[0]);
}

type Column = string | number | null;

function profileColumns(patch: UserPatch): Record<string, Column> {
  const { name, avatar, about, locale } = patch;
  return given({ name, avatar, about, locale });
}

function settingsColumns({ settings }: UserPatch): Record<string, Column> {
  if (!settings) return {};
  return given({
    presence: settings.presence,
    who_may_message: settings.who_may_message,
    receipts: settings.receipts,
    push_direct: settings.push?.direct,
    push_group: settings.push?.group,
    private_push: settings.private_push,
  });
}

function given(
  fields: Record<string, string | boolean | null | undefined>,
): Record<string, Column> {
  const columns: Record<string, Column> = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) columns[name] = typeof value === "boolean" ? Number(value) : value;
  }
  return columns;
}

async function remove(
  tx: Transaction,
  user_id: UserId,
  now: number,
): Promise<Session[] | undefined> {
  if (!(await lockUser(tx, user_id, now))) return undefined;
  const revoked = await revokeSessions(tx, user_id, { all_but: null });
  await tx`DELETE FROM credentials WHERE user_id = ${user_id}`;
  await removePairs(tx, "contacts", user_id, now);
  await removePairs(tx, "blocks", user_id, now);
  await tx`UPDATE users
    SET name = '', avatar = NULL, about = '', locale = NULL, deleted_at = ${now}
    WHERE user_id = ${user_id}`;
  const session_ids = revoked.map((session) => session.session_id);
  await tell(tx, user_id, { kind: "deleted", revoked: session_ids }, now);
  return revoked;
}

/** Everyone who had the user in a list is told that the list is shorter now. */
async function removePairs(
  tx: Transaction,
  kind: "contacts" | "blocks",
  user_id: UserId,
  now: number,
): Promise<void> {
  // No list can gain the user any more: whoever adds somebody keeps them living until then.
  await tx`UPDATE users SET updated_at = updated_at
    WHERE user_id IN (SELECT user_id FROM ${tx(kind)} WHERE other_id = ${user_id})`;
  const change = JSON.stringify({ kind, other_id: user_id });
  await tx`INSERT INTO outbox (user_id, change, created_at)
    SELECT user_id, CAST(${change} AS TEXT), CAST(${now} AS BIGINT)
    FROM ${tx(kind)} WHERE other_id = ${user_id}`;
  await tx`DELETE FROM ${tx(kind)} WHERE user_id = ${user_id}`;
  await tx`DELETE FROM ${tx(kind)} WHERE other_id = ${user_id}`;
}
