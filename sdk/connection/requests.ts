/**
 * Replies find their request by `id`; requests outlive an interruption where repeating them does no harm.
 * Rule P10: exactly one reply per id. Every queue is bounded (invariant I20).
 */
import type { ClientFrame, Reply } from "@damso/protocol";
import { DamsoError } from "../errors.ts";
import type { Cancel, Environment } from "../environment.ts";

/** More unanswered requests than this are refused with `queue_full`. */
const OPEN_MAX = 1000;
const TIMEOUT_MS = 20_000;

/** A frame without its id: the connection numbers it. */
export type Ask = ClientFrame extends infer F
  ? F extends { id?: number }
    ? Omit<F, "id">
    : never
  : never;

type Open = {
  ask: object;
  once: boolean;
  sent: boolean;
  resolve: (reply: Reply) => void;
  reject: (error: DamsoError) => void;
  cancel: Cancel;
};

export type Requests = {
  /**
   * `once`: reject with `disconnected` when the socket breaks before the reply, because a repetition could mean
   * something else; other requests are repeated on the next socket until their time is over (`timeout`).
   */
  call: (ask: Ask, options?: { once?: boolean }) => Promise<Reply>;
  /** Numbers and sends a frame now, past the queue: for `hello`. */
  first: (ask: Ask) => Promise<Reply>;
  /** True when the frame was a reply, also a late one. */
  answer: (frame: Reply) => boolean;
  connected: () => void;
  disconnected: () => void;
  start: () => void;
  /** Rejects everything open and everything asked from now on. */
  stop: (why: DamsoError) => void;
};

type Wiring = Pick<Environment, "setTimer"> & { send: (frame: object) => void };

export function requests({ setTimer, send }: Wiring): Requests {
  const open = new Map<number, Open>();
  let next = 1;
  let online = false;
  let over: DamsoError | undefined;

  function settle(id: number): Open | undefined {
    const request = open.get(id);
    open.delete(id);
    request?.cancel();
    return request;
  }

  function transmit(id: number, request: Open): void {
    request.sent = true;
    send({ ...request.ask, id });
  }

  function enter(ask: Ask, once: boolean, now: boolean): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (over !== undefined) return reject(over);
      if (open.size >= OPEN_MAX) return reject(new DamsoError("queue_full"));
      const id = next++;
      const cancel = setTimer(TIMEOUT_MS, () => settle(id)?.reject(new DamsoError("timeout")));
      const request: Open = { ask, once, sent: false, resolve, reject, cancel };
      open.set(id, request);
      if (now) transmit(id, request);
    });
  }

  return {
    call: (ask, { once = false } = {}) => enter(ask, once, online),
    first: (ask) => enter(ask, true, true),
    answer: (frame) => {
      if (frame.id === undefined) return frame.type === "pong" || frame.type === "error";
      const request = settle(frame.id);
      if (frame.type === "error") request?.reject(refused(frame));
      else request?.resolve(frame);
      return true;
    },
    connected: () => {
      online = true;
      for (const [id, request] of open) if (!request.sent) transmit(id, request);
    },
    disconnected: () => {
      online = false;
      for (const [id, request] of open) {
        if (request.sent && request.once) settle(id)?.reject(new DamsoError("disconnected"));
        else request.sent = false;
      }
    },
    start: () => (over = undefined),
    stop: (why) => {
      over = why;
      online = false;
      for (const id of open.keys()) settle(id)?.reject(why);
    },
  };
}

/** An error frame or problem document as the error that a call rejects with. */
export function refused(told: {
  code: DamsoError["code"];
  message?: string;
  retry_after_ms?: number;
}): DamsoError {
  return new DamsoError(told.code, told.message, told.retry_after_ms);
}
