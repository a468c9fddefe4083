/** What NATS does wrong, as errors that say what it is and whether the same call may be made again. */
const RETRY = {
  /** No server could be reached, or its answer did not come: the outcome of what was asked is unknown. */
  unanswered: true,
  /** What answered does not know yet what this process knows to be there: a replica, or a new leader. */
  behind: true,
  /** The others were quicker, several times in a row. */
  contended: true,
  /** Records of a log are missing between others. Invariant I25. */
  hole: false,
  /** No message holds it, now or later. */
  too_large: false,
  /** The server is older than what this code is safe with. */
  too_old: false,
  no_jetstream: false,
  /** JetStream acknowledges before its disk has it. */
  unsynced: false,
  /** The server takes no messages of the size of the largest record. */
  small_payload: false,
  /** A stream of this name is there and is set up otherwise. */
  other_stream: false,
  /** The certificate of a server is refused, or it has none where TLS was asked for. */
  certificate: false,
  /** The addresses or credentials that were given make no sense. */
  misconfigured: false,
} as const;

export type NatsFailureCode = keyof typeof RETRY;

export type NatsFailure = Error & { code: NatsFailureCode; retry: boolean };

export function natsFailure(code: NatsFailureCode, message: string, cause?: unknown): NatsFailure {
  return Object.assign(new Error(message, { cause }), { code, retry: RETRY[code] });
}

export function isNatsFailure(error: unknown): error is NatsFailure {
  return error instanceof Error && Object.hasOwn(RETRY, (error as Partial<NatsFailure>).code ?? "");
}
