/**
 * Codes by which a device that is signed in lets a new one in: short-lived rows of the accounts store, which sees
 * hashes only. Every method takes the time from its caller; a code whose time is over is as if it never was. Rules X15, X16.
 */
import type { SessionId, UserId } from "@damso/protocol/ids";
import type { NewSession, Session } from "./account-records.ts";
import type { SessionRule } from "./accounts.ts";
import type { Signal } from "./signal.ts";

/** `used`: its session has been opened. */
export type LogInCodeState = "waiting" | "approved" | "refused" | "used";

export type LogInCode = {
  /** SHA-256 in base64url of what the QR code shows. */
  code_hash: string;
  /** The same of what only the waiting device has. */
  secret_hash: string;
  /** What the waiting device calls itself, and where it asks from. */
  device_name: string;
  address: string;
  created_at: number;
  expires_at: number;
  state: LogInCodeState;
  /** Who answered; null while it waits. */
  user_id: UserId | null;
};

export type NewLogInCode = Omit<LogInCode, "state" | "user_id">;

export type LogInCodeAnswer = {
  code_hash: string;
  user_id: UserId;
  /** The session that answers. */
  session_id: SessionId;
  approve: boolean;
  now: number;
  /** An approved code stays at least until then, so that the waiting device finds it. */
  until: number;
};

/** An answer that was lost is given again, and then the device may be in already. */
export function isRepeated(
  { state, user_id }: Pick<LogInCode, "state" | "user_id">,
  answer: Pick<LogInCodeAnswer, "user_id" | "approve">,
): boolean {
  const was_approved = state === "approved" || state === "used";
  return user_id === answer.user_id && was_approved === answer.approve;
}

export type LogInCodeUse = {
  code_hash: string;
  session: NewSession;
  rule: SessionRule;
  now: number;
};

export type LogInCodes = {
  /** `full` when `max` codes are there already; those whose time is over make room. */
  create(code: NewLogInCode, max: number, signal?: Signal): Promise<"created" | "full">;
  /** Deletes those whose time is over, with the names and addresses in them. Writes nothing when there are none. */
  removeOver(now: number, signal?: Signal): Promise<void>;
  find(code_hash: string, now: number, signal?: Signal): Promise<LogInCode | undefined>;
  /** The first answer counts: `answered` for any other; repeating one's own changes nothing. */
  answer(answer: LogInCodeAnswer, signal?: Signal): Promise<"ok" | "answered" | "not_found">;
  /**
   * Opens the session of a code that the session's user has approved, in one step with the end of the code.
   *
   * - `created`: as `Sessions.create`.
   * - `repeated`: it is open already with the family of this one, and nobody has used it.
   * - `stale`: not approved by this user, used, or the session that approved it is gone; nothing is opened.
   */
  use(
    use: LogInCodeUse,
    signal?: Signal,
  ): Promise<
    | { outcome: "created"; session: Session; revoked: Session[] }
    | { outcome: "repeated"; session: Session }
    | { outcome: "stale" }
  >;
};
