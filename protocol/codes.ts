/**
 * Every error code: its HTTP status, whether a client repeats the request by itself, and what it means.
 * `outcome` says what the sender of a message may conclude: rule P21, invariant I22.
 */
type CodeRow = {
  status: number;
  retry: boolean;
  outcome: "not_done" | "unknown";
  meaning: string;
};

const refused = (status: number, meaning: string): CodeRow => ({
  status,
  retry: false,
  outcome: "not_done",
  meaning,
});
const later = (status: number, meaning: string): CodeRow => ({
  status,
  retry: true,
  outcome: "not_done",
  meaning,
});

export const CODES = {
  unauthenticated: refused(401, "no valid access token or cookie"),
  forbidden: refused(403, "the role or a privacy setting does not allow it"),
  not_member: refused(403, "not a member of the channel at this point of its order"),
  not_found: refused(404, "no such user, channel, message or path"),
  blocked: refused(403, "one of the two has blocked the other"),
  invalid: refused(400, "the frame or body does not have the documented shape"),
  invalid_text: refused(400, "the text holds a lone surrogate or U+0000"),
  invalid_username: refused(400, "a username is 3 to 32 of a-z 0-9 . _ -"),
  too_long: refused(400, "the text is longer than the limit"),
  too_large: refused(413, "the request or frame is larger than the limit"),
  empty: refused(400, "the text is empty"),
  group_full: refused(409, "the group has as many members as it may have"),
  username_taken: refused(409, "someone else has this username"),
  wrong_credentials: refused(401, "unknown username or wrong password"),
  rate_limited: later(429, "too many in a short time; wait retry_after_ms"),
  busy: later(503, "not done, the server has too much to do; wait retry_after_ms"),
  unavailable: {
    status: 503,
    retry: true,
    outcome: "unknown",
    meaning: "the outcome is unknown; retry with the same client_id",
  },
  unknown_type: refused(400, "this server does not know the type"),
  conflict: refused(409, "the thing has changed since; read it again"),
} as const satisfies Record<string, CodeRow>;

export type ErrorCode = keyof typeof CODES;

export function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(CODES, text);
}

/** WebSocket close codes of the protocol and what a client does after each. Rule P12. */
export const CLOSE = {
  going_away: 4000,
  session_revoked: 4001,
  bad_hello: 4002,
  protocol_error: 4003,
  slow_consumer: 4008,
  replaced: 4009,
  rate_limited: 4029,
  too_large: 1009,
} as const;

export type CloseReason = keyof typeof CLOSE;

/** After these a client stays closed: the session is gone, or a newer socket of the same device took over. */
export const CLOSE_FINAL: readonly number[] = [CLOSE.session_revoked, CLOSE.replaced];

/** A refusal of the world, as a value: what every decision, port and handler returns instead of throwing. */
export type Refusal = { code: ErrorCode; message: string; retry_after_ms?: number };

export function refusal(
  code: ErrorCode,
  message: string = CODES[code].meaning,
  retry_after_ms?: number,
): Refusal {
  return retry_after_ms === undefined ? { code, message } : { code, message, retry_after_ms };
}
