/** Codes that let a new device in, in memory. */
import { isRepeated } from "@damso/core/ports/log-in-codes";
import type { LogInCodeAnswer, LogInCodes, LogInCodeUse } from "@damso/core/ports/log-in-codes";
import type { AccountsData, KeptCode, Run } from "./accounts-data.ts";
import { toSession } from "./accounts-data.ts";
import { byFamily, createSession } from "./accounts-sessions.ts";

export function memoryLogInCodes(data: AccountsData, run: Run): LogInCodes {
  const codes = data.log_in_codes;
  return {
    create: (code, max, signal) =>
      run(signal, () => {
        removeOver(data, code.created_at);
        if (codes.size >= max) return "full";
        codes.set(code.code_hash, { ...code, state: "waiting", user_id: null, session_id: null });
        return "created";
      }),
    removeOver: (now, signal) => run(signal, () => removeOver(data, now)),
    find: (code_hash, now, signal) =>
      run(signal, () => {
        const kept = living(data, code_hash, now);
        if (!kept) return undefined;
        const { session_id: _, ...code } = kept;
        return code;
      }),
    answer: (answer, signal) => run(signal, () => apply(data, answer)),
    use: (use, signal) => run(signal, () => spend(data, use)),
  };
}

function removeOver({ log_in_codes }: AccountsData, now: number): void {
  for (const [hash, { expires_at }] of log_in_codes)
    if (expires_at <= now) log_in_codes.delete(hash);
}

function living(data: AccountsData, code_hash: string, now: number): KeptCode | undefined {
  const kept = data.log_in_codes.get(code_hash);
  return kept && kept.expires_at > now ? kept : undefined;
}

function apply(
  data: AccountsData,
  answer: LogInCodeAnswer,
): Awaited<ReturnType<LogInCodes["answer"]>> {
  const kept = living(data, answer.code_hash, answer.now);
  if (!kept) return "not_found";
  if (kept.state !== "waiting") return isRepeated(kept, answer) ? "ok" : "answered";
  kept.state = answer.approve ? "approved" : "refused";
  kept.user_id = answer.user_id;
  kept.session_id = answer.session_id;
  kept.expires_at = Math.max(kept.expires_at, answer.until);
  return "ok";
}

function spend(
  data: AccountsData,
  { code_hash, session, rule, now }: LogInCodeUse,
): Awaited<ReturnType<LogInCodes["use"]>> {
  const kept = living(data, code_hash, now);
  if (kept?.user_id !== session.user_id) return { outcome: "stale" };
  if (kept.state === "used") {
    const open = byFamily(data, session.family_hash);
    const isUnused = open?.generation === 1 && !open.confirmed;
    return isUnused ? { outcome: "repeated", session: toSession(open) } : { outcome: "stale" };
  }
  if (kept.state !== "approved") return { outcome: "stale" };
  kept.state = "used";
  const approver = kept.session_id === null ? undefined : data.sessions.get(kept.session_id);
  return approver ? createSession(data, session, rule) : { outcome: "stale" };
}
