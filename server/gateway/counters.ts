/** Plain numbers that the hot path counts in; `server/metrics.ts` reads them when it is asked. */
import type { ErrorCode } from "@damso/protocol/codes";

export type Counters = {
  connections: number;
  ready: number;
  opened: number;
  frames_in: number;
  frames_out: number;
  writes: number;
  sends: number;
  events: number;
  heads: number;
  lagging: number;
  polls: number;
  in_flight: number;
  watches: number;
  topics: number;
  /** What happened at a bound, by its name. */
  bounds: Record<BoundName, number>;
  refusals: Partial<Record<ErrorCode, number>>;
  closes: Record<number, number>;
  /** Answers to HTTP requests, by the first digit of their status. */
  answers: Record<StatusClass, number>;
};

export type StatusClass = "1xx" | "2xx" | "3xx" | "4xx" | "5xx";

export type BoundName =
  | "lagging"
  | "slow_consumer"
  | "held"
  | "early"
  | "in_flight"
  | "open_channels"
  | "polls"
  | "idle"
  | "silent"
  | "hello"
  | "protocol_errors"
  | "rate_limited"
  | "ephemeral_shed";

export function createCounters(): Counters {
  return {
    connections: 0,
    ready: 0,
    opened: 0,
    frames_in: 0,
    frames_out: 0,
    writes: 0,
    sends: 0,
    events: 0,
    heads: 0,
    lagging: 0,
    polls: 0,
    in_flight: 0,
    watches: 0,
    topics: 0,
    bounds: {
      lagging: 0,
      slow_consumer: 0,
      held: 0,
      early: 0,
      in_flight: 0,
      open_channels: 0,
      polls: 0,
      idle: 0,
      silent: 0,
      hello: 0,
      protocol_errors: 0,
      rate_limited: 0,
      ephemeral_shed: 0,
    },
    refusals: {},
    closes: {},
    answers: { "1xx": 0, "2xx": 0, "3xx": 0, "4xx": 0, "5xx": 0 },
  };
}

export function countRefusal(counters: Counters, code: ErrorCode): void {
  counters.refusals[code] = (counters.refusals[code] ?? 0) + 1;
}

/** Counts an answer to an HTTP request, and gives it back. */
export function countAnswer(counters: Counters, response: Response): Response {
  counters.answers[`${Math.floor(response.status / 100)}xx` as StatusClass]++;
  return response;
}
