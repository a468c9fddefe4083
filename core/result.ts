/** The two ends of every request: a value, or a refusal from the one table of codes. Never an exception. */
import { refusal } from "@damso/protocol/codes";
import type { ErrorCode, Refusal } from "@damso/protocol/codes";

export type Done<T> = { ok: true; value: T };
export type Refused = { ok: false; refusal: Refusal };
export type Result<T> = Done<T> | Refused;

export function done<T>(value: T): Done<T> {
  return { ok: true, value };
}

export function refuse(code: ErrorCode, message?: string, retry_after_ms?: number): Refused {
  return { ok: false, refusal: refusal(code, message, retry_after_ms) };
}
