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
/** A server takes 2 MiB of UTF-8, and a UTF-16 unit is three bytes at most. */
const TEXT_MAX = (2 * 1024 * 1024) / 3;
/** Before a repetition, where the server named no time. */
const REST_MS = 1000;

/** A frame without its id: the connection numbers it. */
export type Ask = ClientFrame extends infer F
  ? F extends { id?: number }
    ? Omit<F, "id">
    : never
  : never;

type Open = {
  id: number;
  ask: object;
  once: boolean;
  state: "waiting" | "sent" | "resting";
  resolve: (reply: Reply) => void;
  reject: (error: DamsoError) => void;
  cancel: Cancel;
};

export type Requests = {
  /**
   * `once`: reject when the socket breaks before the reply (`disconnected`) or the server asks to come back later,
   * because a repetition could mean something else; other requests are repeated until their time is over (`timeout`).
   */
  call: (ask: Ask, options?: { once?: boolean }) => Promise<Reply>;
  /** Numbers and sends a frame now, past the queue: for `hello`. */
  first: (ask: Ask) => Promise<Reply>;
  /** A reply, also a late one or one to nobody. */
  answer: (frame: Reply) => void;
  connected: () => void;
  disconnected: () => void;
  /** Rejects everything open and everything asked from now on. */
  stop: (why: DamsoError) => void;
};

type Wiring = Pick<Environment, "setTimer"> & { send: (text: string) => void };

type Self = Wiring & {
  open: Map<number, Open>;
  next: number;
  online: boolean;
  over: DamsoError | undefined;
};

export function requests(wiring: Wiring): Requests {
  const self: Self = { ...wiring, open: new Map(), next: 1, online: false, over: undefined };
  return {
    call: (ask, { once = false } = {}) => enter(self, ask, once, self.online),
    first: (ask) => enter(self, ask, true, true),
    answer: (frame) => answer(self, frame),
    connected: () => {
      self.online = true;
      for (const request of self.open.values()) if (request.state === "waiting") go(self, request);
    },
    disconnected: () => {
      self.online = false;
      for (const request of self.open.values()) {
        if (request.state !== "sent") continue;
        request.state = "waiting";
        if (request.once) settle(self, request).reject(new DamsoError("disconnected"));
      }
    },
    stop: (why) => {
      self.online = false;
      self.over = why;
      for (const request of self.open.values()) settle(self, request).reject(why);
    },
  };
}

function enter(self: Self, ask: Ask, once: boolean, now: boolean): Promise<Reply> {
  return new Promise((resolve, reject) => {
    if (self.over) return reject(self.over);
    if (self.open.size >= OPEN_MAX) return reject(new DamsoError("queue_full"));
    const expire = (): void => settle(self, request).reject(new DamsoError("timeout"));
    const cancel = self.setTimer(TIMEOUT_MS, expire);
    const id = self.next++;
    const request: Open = { id, ask, once, state: "waiting", resolve, reject, cancel };
    self.open.set(id, request);
    if (now) go(self, request);
  });
}

function settle(self: Self, request: Open): Open {
  self.open.delete(request.id);
  request.cancel();
  return request;
}

function go(self: Self, request: Open): void {
  const text = JSON.stringify({ ...request.ask, id: request.id });
  // The server would close the connection on it, and on each one that it is repeated on.
  if (text.length > TEXT_MAX) return settle(self, request).reject(new DamsoError("too_large"));
  request.state = "sent";
  self.send(text);
}

function answer(self: Self, frame: Reply): void {
  const request = self.open.get(frame.id ?? 0);
  if (!request) return;
  if (frame.type !== "error") return settle(self, request).resolve(frame);
  const error = new DamsoError(frame.code, frame.message, frame.retry_after_ms);
  if (!error.retry || request.once) return settle(self, request).reject(error);
  request.state = "resting";
  // A reply has used the id up: the repetition has another.
  self.open.delete(request.id);
  request.id = self.next++;
  self.open.set(request.id, request);
  const { cancel } = request;
  const stir = self.setTimer(error.retry_after_ms ?? REST_MS, () => wake(self, request));
  request.cancel = () => {
    stir();
    cancel();
  };
}

function wake(self: Self, request: Open): void {
  if (!self.open.has(request.id)) return;
  request.state = "waiting";
  if (self.online) go(self, request);
}
