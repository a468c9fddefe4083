/** What a close code asks of the client. Rule P12. */
import type { CLOSE } from "@damso/protocol/codes";
import type { ClosedReason } from "../api.ts";

export type AfterClose = {
  /** Do not come back, and why. */
  final?: ClosedReason;
  /** The server is going: ask for the list of servers again. */
  elsewhere?: boolean;
  /** Show a fresh token. */
  renew?: boolean;
  retry_after_ms?: number;
};

type Known = (typeof CLOSE)[
  | "session_revoked"
  | "replaced"
  | "going_away"
  | "bad_hello"
  | "rate_limited"];

/** The type holds the numbers against the protocol's table, which is too large to carry along. */
const AFTER: Record<Known, AfterClose> = {
  4001: { final: "session_ended" },
  4009: { final: "replaced" },
  4000: { elsewhere: true },
  4002: { renew: true },
  // Where the server named no time.
  4029: { retry_after_ms: 30_000 },
};

/** Every other code, and a socket that was lost without one: reconnect after a pause. */
export function afterClose(code: number): AfterClose {
  return AFTER[code as Known] ?? {};
}
