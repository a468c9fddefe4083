/** Codes that let a new device in: one row each, from the new device's first call to the end of its time. */
import { isRepeated } from "@damso/core/ports/log-in-codes";
import type {
  LogInCode,
  LogInCodeAnswer,
  LogInCodes,
  LogInCodeUse,
  NewLogInCode,
} from "@damso/core/ports/log-in-codes";
import type { Signal } from "@damso/core/ports/signal";
import type { Database, Transaction } from "./database.ts";
import type { Count, SessionRow } from "./rows.ts";
import { toSession } from "./rows.ts";
import { createSession } from "./sessions.ts";

type Row = Omit<LogInCode, "created_at" | "expires_at"> & {
  created_at: Count;
  expires_at: Count;
  session_id: string | null;
};

export function sqlLogInCodes(database: Database): LogInCodes {
  return {
    create: (code, max, signal) => database.write((tx) => create(tx, code, max), signal),
    removeOver: (now, signal) => removeOver(database, now, signal),
    find: (code_hash, now, signal) =>
      database.read(async (sql) => {
        const rows = await sql<Row[]>`SELECT * FROM log_in_codes
          WHERE code_hash = ${code_hash} AND expires_at > ${now}`;
        return rows[0] && toCode(rows[0]);
      }, signal),
    answer: (answer, signal) => database.write((tx) => apply(tx, answer), signal),
    use: (use, signal) => database.write((tx) => spend(tx, use), signal),
  };
}

async function removeOver(database: Database, now: number, signal?: Signal): Promise<void> {
  const over = await database.read(
    (sql) => sql<unknown[]>`SELECT code_hash FROM log_in_codes WHERE expires_at <= ${now} LIMIT 1`,
    signal,
  );
  if (over.length === 0) return;
  await database.write((tx) => tx`DELETE FROM log_in_codes WHERE expires_at <= ${now}`, signal);
}

/** Writers side by side may each see room for one more: the bound is exact to as many. */
async function create(
  tx: Transaction,
  code: NewLogInCode,
  max: number,
): Promise<"created" | "full"> {
  await tx`DELETE FROM log_in_codes WHERE expires_at <= ${code.created_at}`;
  const [row] = await tx<{ number: Count }[]>`SELECT count(*) AS number FROM log_in_codes`;
  if (Number(row?.number ?? 0) >= max) return "full";
  await tx`INSERT INTO log_in_codes ${tx({ ...code, state: "waiting" })}`;
  return "created";
}

/** The conditional update is the race: the database lets one answer match. */
async function apply(tx: Transaction, answer: LogInCodeAnswer): ReturnType<LogInCodes["answer"]> {
  const { code_hash, user_id, session_id, now, until } = answer;
  const state = answer.approve ? "approved" : "refused";
  const answered = await tx<unknown[]>`UPDATE log_in_codes
    SET state = ${state}, user_id = ${user_id}, session_id = ${session_id},
      expires_at = CASE WHEN expires_at < ${until} THEN ${until} ELSE expires_at END
    WHERE code_hash = ${code_hash} AND state = 'waiting' AND expires_at > ${now}
    RETURNING code_hash`;
  if (answered.length > 0) return "ok";
  const rows = await tx<Row[]>`SELECT * FROM log_in_codes
    WHERE code_hash = ${code_hash} AND expires_at > ${now}`;
  const row = rows[0];
  if (!row) return "not_found";
  return isRepeated(row, answer) ? "ok" : "answered";
}

/** The row is held from the first statement on, so of two uses at once the second one finds it used. */
async function spend(
  tx: Transaction,
  { code_hash, session, rule, now }: LogInCodeUse,
): ReturnType<LogInCodes["use"]> {
  const { user_id, family_hash } = session;
  const spent = await tx<Row[]>`UPDATE log_in_codes SET state = 'used'
    WHERE code_hash = ${code_hash} AND user_id = ${user_id} AND state = 'approved'
      AND expires_at > ${now} RETURNING *`;
  if (!spent[0]) return await repeat(tx, family_hash, { code_hash, now });
  const approver = await tx<unknown[]>`SELECT session_id FROM sessions
    WHERE session_id = ${spent[0].session_id} AND user_id = ${user_id}`;
  return approver.length === 0 ? { outcome: "stale" } : await createSession(tx, session, rule);
}

async function repeat(
  tx: Transaction,
  family_hash: string,
  { code_hash, now }: Pick<LogInCodeUse, "code_hash" | "now">,
): ReturnType<LogInCodes["use"]> {
  const rows = await tx<SessionRow[]>`SELECT s.* FROM sessions s, log_in_codes c
    WHERE s.family_hash = ${family_hash} AND c.code_hash = ${code_hash} AND c.state = 'used'
      AND c.expires_at > ${now} AND s.generation = 1 AND s.confirmed = 0`;
  return rows[0] ? { outcome: "repeated", session: toSession(rows[0]) } : { outcome: "stale" };
}

function toCode({ session_id: _, ...row }: Row): LogInCode {
  return { ...row, created_at: Number(row.created_at), expires_at: Number(row.expires_at) };
}
