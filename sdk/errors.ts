/** The one error type of the SDK. */
import type { ErrorCode } from "@damso/protocol/codes";

/**
 * What can go wrong on this side of the wire.
 * `disconnected`: no answer from the server. `timeout`: connected, but no answer in time. `stopped`: the client was
 * stopped while this waited. `session_ended`: signed out, here or elsewhere. `replaced`: this device has a newer
 * socket. `queue_full`: a bound of this client was
 * reached. `store_failed`: the local store takes nothing more, a full disk for example.
 */
export type LocalCode =
  | "disconnected"
  | "timeout"
  | "stopped"
  | "session_ended"
  | "replaced"
  | "queue_full"
  | "store_failed";

export type DamsoErrorCode = ErrorCode | LocalCode;

/** Codes after which the same request may succeed later. A test holds this list against the protocol's table. */
const RETRIED: ReadonlySet<string> = new Set([
  "rate_limited",
  "busy",
  "unavailable",
  "disconnected",
  "timeout",
]);

export class DamsoError extends Error {
  override readonly name: string = "DamsoError";
  /** A code of the protocol's table or of this client; a newer server may send codes unknown here. */
  declare readonly code: DamsoErrorCode;
  /** The same request may succeed later. */
  declare readonly retry: boolean;
  /** How long the server asked to wait, in milliseconds. */
  declare readonly retry_after_ms: number | undefined;

  constructor(code: DamsoErrorCode, message: string = code, retry_after_ms?: number) {
    super(message);
    this.code = code;
    this.retry = RETRIED.has(code);
    this.retry_after_ms = retry_after_ms;
  }
}

/** A direct channel comes to be with its first message (rule D4): before it, the server knows none. */
export function isUnborn(channel: string, { code }: DamsoError): boolean {
  return channel.startsWith("d") && (code === "not_found" || code === "not_member");
}
