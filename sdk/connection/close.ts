/** What a close code asks of the client. Rule P12. */
import { CLOSE } from "@damso/protocol/codes";
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

/** Used where the server named no time. */
const RATE_LIMITED_MS = 30_000;

export function afterClose(code: number): AfterClose {
  switch (code) {
    case CLOSE.session_revoked:
      return { final: "session_ended" };
    case CLOSE.replaced:
      return { final: "replaced" };
    case CLOSE.going_away:
      return { elsewhere: true };
    case CLOSE.bad_hello:
      return { renew: true };
    case CLOSE.rate_limited:
      return { retry_after_ms: RATE_LIMITED_MS };
    default:
      return {};
  }
}
