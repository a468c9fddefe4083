/** A gateway with in-memory sockets, a bus that a test answers, and time that a test moves. */
import { createBus } from "@damso/adapters/inprocess/bus";
import type { Handler, InProcessBus } from "@damso/adapters/inprocess/bus";
import type { GatewayItem } from "@damso/core/ports/bus";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { Answers, Command, CommandKind, EventsPage, Sent } from "@damso/core/shard/commands";
import type { ErrorCode } from "@damso/protocol/codes";
import type {
  ChannelId,
  ClientId,
  DeviceId,
  FeedId,
  MessageId,
  SessionId,
  UserId,
} from "@damso/protocol/ids";
import { LIMITS } from "@damso/protocol/limits";
import { SILENT } from "../log.ts";
import { TICK_MS } from "./bounds.ts";
import { createCounters } from "./counters.ts";
import type { Counters } from "./counters.ts";
import { createGateway } from "./gateway.ts";
import type { Gateway } from "./gateway.ts";
import { createRateLimits } from "./limits.ts";
import { createTypingLimit } from "./typing.ts";
import type { Connection, Context, Identity, Socket } from "./types.ts";

export const ANN = "1000000000000000001" as UserId;
export const BEN = "1000000000000000002" as UserId;
export const CAT = "1000000000000000003" as UserId;
export const DIRECT = `d${ANN}.${BEN}` as ChannelId;
export const GROUP = "g1000000000000000009" as ChannelId;
export const CLIENT_ID = "0190a0a0-0000-7000-8000-000000000001" as ClientId;
export const FEED = "f1" as FeedId;

/** The device `n` of a user: its token, and what the token stands for. */
export function device(user_id: UserId, n = 1): Identity & { token: string } {
  const device_id = `20000000000000${user_id.slice(-3)}${String(n).padStart(2, "0")}`;
  return {
    user_id,
    device_id: device_id as DeviceId,
    session_id: `3${device_id.slice(1)}` as SessionId,
    token: `${user_id}/${n}`,
  };
}

type Frame = Record<string, unknown> & { type: string };

export type FakeSocket = Socket & {
  connection: Connection;
  frames: Frame[];
  texts: string[];
  /** How many times the gateway wrote, however many frames each time. */
  writes: number;
  closed: { code: number; reason: string } | undefined;
  terminated: boolean;
  /** Bytes that the peer has not taken; a test sets it. */
  waiting: number;
  /** The client sends a frame. */
  say(frame: object | string | Uint8Array): void;
  /** The client goes away. */
  leave(): void;
  drain(): void;
  last(): Frame | undefined;
  of(type: string): Frame[];
};

type Answer = (command: Command) => Result<unknown> | Promise<Result<unknown>>;

export type Scene = {
  gateway: Gateway;
  bus: InProcessBus;
  counters: Counters;
  requests: Command[];
  revoked: Set<string>;
  /** Sessions that were noted as in use. */
  used: SessionId[];
  /** Answers commands of a kind from now on. */
  on<K extends CommandKind>(
    kind: K,
    answer: (command: Command<K>) => Result<Answers[K]> | Promise<Result<Answers[K]>>,
  ): void;
  /** The next commands of this kind wait until they are answered here, in order. */
  hold<K extends CommandKind>(kind: K): { answer(result: Result<Answers[K]>): Promise<void> };
  of<K extends CommandKind>(kind: K): Command<K>[];
  connect(context?: Context): FakeSocket;
  /** A socket behind its welcome. */
  join(who: Identity & { token: string }, hello?: object): Promise<FakeSocket>;
  deliver(...items: GatewayItem[]): Promise<void>;
  /** Lets everything happen that waits for no time. */
  settle(): Promise<void>;
  advance(ms: number): Promise<void>;
  /** The process stands still for so long; ticks and timers are late by then. */
  stand(ms: number): void;
  /** Only the time of day goes on. */
  suspend(ms: number): void;
  time(): number;
};

export const page = (head: number, events: EventsPage["events"] = []): EventsPage => ({
  feed: { id: FEED, head },
  events,
  more: false,
});

/** A message event for users at a position, as a home sends it. */
export function event(pos: number, ...users: UserId[]): GatewayItem {
  const to = users.map((user_id) => ({ user_id, pos, tail: `,"unread":${pos}}` }));
  return { kind: "event", type: "message", channel: DIRECT, shared: `,"channel":"${DIRECT}"`, to };
}

export const sent = (seq: number): Sent => ({
  channel: DIRECT,
  client_id: CLIENT_ID,
  seq,
  message_id: "4000000000000000001" as MessageId,
  created_at: "2026-11-23T12:00:00.000Z",
});

const DEFAULTS: Partial<Record<CommandKind, Answer>> = {
  attach: () => done(page(0)),
  send: () => done(sent(1)),
  sync: () => done(page(0)),
  exchange: () => done({ head: 0 }),
  opened: () => done({ members: [] }),
  alive: () => done({ since: 1 }),
  watch: ({ user_id }: Command<"watch">) => done({ user_id, state: "offline" }),
} as Partial<Record<CommandKind, Answer>>;

export function openScene(options: { rate_limits?: boolean; silence_ms_max?: number } = {}): Scene {
  const bus = createBus();
  const counters = createCounters();
  const requests: Command[] = [];
  const revoked = new Set<string>();
  const used: SessionId[] = [];
  const answers = new Map<CommandKind, Answer>(Object.entries(DEFAULTS) as [CommandKind, Answer][]);
  let now = Date.UTC(2026, 10, 23, 12);
  let timers: { at: number; run: () => void }[] = [];
  let day_ms = 0;
  const clock = { now: () => now + day_ms };

  bus.serve((async (command: Command) => {
    requests.push(command);
    return (answers.get(command.kind) ?? (() => done({})))(command);
  }) as Handler);

  const gateway = createGateway({
    gateway_id: "g1",
    bus,
    clock,
    monotonic: () => now,
    timers: {
      after(ms, run) {
        const timer = { at: now + ms, run };
        timers.push(timer);
        return () => (timers = timers.filter((other) => other !== timer));
      },
      soon: (run) => queueMicrotask(() => queueMicrotask(run)),
    },
    authenticate: async (token) => {
      const [user_id, n] = token.split("/");
      if (token === "broken") throw new Error("no store");
      if (!user_id || !n) return refuse("unauthenticated");
      const { token: _token, ...who } = device(user_id as UserId, Number(n));
      return revoked.has(who.session_id) ? refuse("unauthenticated") : done(who);
    },
    isAlive: async ({ session_id }) => !revoked.has(session_id),
    used: (session_id) => void used.push(session_id),
    limits: LIMITS,
    rate_limits: createRateLimits(clock, { on: options.rate_limits ?? false }),
    typing: createTypingLimit(clock),
    log: SILENT,
    counters,
    ...(options.silence_ms_max && { silence_ms_max: options.silence_ms_max }),
  });
  bus.attachGateway("g1", gateway.deliver);

  const settle = async (): Promise<void> => {
    for (let i = 0; i < 50; i++) await Promise.resolve();
  };
  const runTimers = (): void => {
    const due = timers.filter((timer) => timer.at <= now);
    timers = timers.filter((timer) => timer.at > now);
    for (const timer of due) timer.run();
  };
  const connect = (context: Context = { token: undefined }): FakeSocket =>
    fakeSocket(gateway, context);

  return {
    gateway,
    bus,
    counters,
    requests,
    revoked,
    used,
    connect,
    settle,
    on: (kind, answer) => void answers.set(kind, answer as unknown as Answer),
    hold(kind) {
      const waiting: ((result: Result<never>) => void)[] = [];
      answers.set(kind, () => new Promise((resolve) => waiting.push(resolve)));
      return {
        async answer(result) {
          waiting.shift()?.(result as Result<never>);
          await settle();
        },
      };
    },
    of: <K extends CommandKind>(kind: K) =>
      requests.filter((command) => command.kind === kind) as unknown as Command<K>[],
    async join(who, hello = {}) {
      const socket = connect();
      socket.say({ type: "hello", id: 0, token: who.token, ...hello });
      await settle();
      if (socket.frames.at(0)?.type !== "welcome") throw new Error(JSON.stringify(socket.frames));
      socket.frames.length = 0;
      socket.texts.length = 0;
      socket.writes = 0;
      return socket;
    },
    async deliver(...items) {
      bus.send("g1", items);
      await settle();
    },
    async advance(ms) {
      const end = now + ms;
      while (now < end) {
        now = Math.min(end, now + TICK_MS);
        runTimers();
        gateway.tick();
        await settle();
      }
    },
    stand(ms) {
      now += ms;
    },
    suspend(ms) {
      day_ms += ms;
    },
    time: () => now,
  };
}

function fakeSocket(gateway: Gateway, context: Context): FakeSocket {
  let corked = false;
  const socket: FakeSocket = {
    connection: undefined as never,
    frames: [],
    texts: [],
    writes: 0,
    closed: undefined,
    terminated: false,
    waiting: 0,
    sendText(text) {
      if (socket.closed) throw new Error(`a frame on a closed socket: ${text}`);
      if (!corked) socket.writes++;
      socket.texts.push(text);
      socket.frames.push(JSON.parse(text) as Frame);
    },
    cork(fn) {
      socket.writes++;
      corked = true;
      fn();
      corked = false;
    },
    getBufferedAmount: () => socket.waiting,
    terminate() {
      socket.terminated = true;
    },
    close(code, reason) {
      if (socket.closed) throw new Error("closed twice");
      socket.closed = { code, reason };
      gateway.closed(socket.connection);
    },
    say(frame) {
      const raw = typeof frame === "string" || frame instanceof Uint8Array;
      gateway.message(socket.connection, raw ? frame : JSON.stringify(frame));
    },
    leave: () => gateway.closed(socket.connection),
    drain() {
      socket.waiting = 0;
      gateway.drained(socket.connection);
    },
    last: () => socket.frames.at(-1),
    of: (type) => socket.frames.filter((frame) => frame.type === type),
  };
  socket.connection = gateway.opened(socket, context);
  return socket;
}

/** The code of the error reply to a frame, if it was refused. */
export function errorOf(socket: FakeSocket, id: number): ErrorCode | undefined {
  const frame = socket.frames.find((one) => one.type === "error" && one["id"] === id);
  return frame?.["code"] as ErrorCode | undefined;
}
