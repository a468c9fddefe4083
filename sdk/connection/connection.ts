/** Carries out what the machine decides, on a real or simulated world. */
import type {
  ClientFrame,
  Ephemeral,
  FeedCursor,
  FeedEvent,
  Replies,
  Reply,
} from "@damso/protocol";
import { SUBPROTOCOL } from "@damso/protocol/socket";
import type { ConnectionState } from "../api.ts";
import { DamsoError } from "../errors.ts";
import type { Cancel, Environment, Socket } from "../environment.ts";
import type { Tokens } from "../session/tokens.ts";
import { random } from "./backoff.ts";
import { discover } from "./discovery.ts";
import { machine, step, visible } from "./machine.ts";
import type { Effect, Input, Machine } from "./machine.ts";
import { requests } from "./requests.ts";
import type { Requests } from "./requests.ts";

/** What the layers above are told. `pushed` gets events and ephemeral frames, known or not. */
export type Above = {
  cursor: () => FeedCursor | undefined;
  welcomed: (welcome: Replies["welcome"]) => void;
  pushed: (frame: FeedEvent | Ephemeral) => void;
  changed: (state: ConnectionState) => void;
};

export type Connection = Pick<Requests, "call"> & {
  start: () => void;
  stop: () => void;
  state: () => ConnectionState;
  setActive: (active: boolean) => void;
  /** Sends a frame that has no reply; false and dropped when not online. */
  tell: (frame: ClientFrame) => boolean;
};

export type ConnectionOptions = {
  environment: Environment;
  tokens: Tokens;
  /** Name and version of the app, told to the server. */
  client: string;
  above: Above;
};

type Incoming = Reply | FeedEvent | Ephemeral;

type Self = ConnectionOptions & {
  machine: Machine;
  socket?: Socket | undefined;
  timer?: { at: number; cancel: Cancel } | undefined;
  unwatch?: Cancel | undefined;
  /** Told to the layers above already; they are told again only when it differs. */
  told: ConnectionState;
  inputs: Input[];
  requests: Requests;
};

export function connection(options: ConnectionOptions): Connection {
  const start = machine();
  const self: Self = {
    ...options,
    machine: start,
    told: visible(start),
    inputs: [],
    requests: requests({
      setTimer: options.environment.setTimer,
      send: (text) => self.socket?.send(text),
    }),
  };
  return {
    call: self.requests.call,
    start: () => {
      self.unwatch ??= options.environment.watchNetwork?.((online) =>
        put(self, { type: "network", online }),
      );
      put(self, { type: "start" });
    },
    stop: () => {
      self.unwatch?.();
      self.unwatch = undefined;
      put(self, { type: "stop" });
      self.requests.stop(new DamsoError("stopped"));
    },
    state: () => visible(self.machine),
    setActive: (active) => {
      if (active !== self.machine.active) put(self, { type: "active", active });
    },
    tell: (frame) => {
      const online = self.machine.phase.at === "online";
      if (online) transmit(self, frame);
      return online;
    },
  };
}

function transmit(self: Self, frame: object): void {
  self.socket?.send(JSON.stringify(frame));
}

/** Effects may cause inputs at once: they queue up behind the step that is being carried out. */
function put(self: Self, input: Input): void {
  self.inputs.push(input);
  if (self.inputs.length > 1) return;
  for (let next = self.inputs[0]; next !== undefined; next = self.inputs[0]) {
    const moment = { now: self.environment.now(), random: random(self.environment) };
    const stepped = step(self.machine, next, moment);
    self.machine = stepped.machine;
    setDeadline(self);
    for (const effect of stepped.effects) carryOut(self, effect);
    announce(self);
    self.inputs.shift();
  }
}

function setDeadline(self: Self): void {
  const at = self.machine.deadline;
  if (self.timer?.at === at) return;
  self.timer?.cancel();
  self.timer = undefined;
  if (at === undefined) return;
  const expire = (): void => {
    self.timer = undefined;
    put(self, { type: "expired" });
  };
  const { now, setTimer } = self.environment;
  self.timer = { at, cancel: setTimer(Math.max(0, at - now()), expire) };
}

function announce(self: Self): void {
  const state = visible(self.machine);
  if (JSON.stringify(state) === JSON.stringify(self.told)) return;
  self.told = state;
  if (state.name === "closed") self.requests.stop(new DamsoError(state.reason));
  self.above.changed(state);
}

function carryOut(self: Self, effect: Effect): void {
  switch (effect.do) {
    case "prepare":
      return void prepare(self, effect);
    case "open":
      return open(self, effect.url);
    case "greet":
      return greet(self);
    case "ping":
      return transmit(self, { type: "ping", active: self.machine.active });
    case "hang_up":
      return hangUp(self);
  }
}

async function prepare(self: Self, effect: Effect & { do: "prepare" }): Promise<void> {
  const { environment, tokens, machine } = self;
  const current = (): boolean => self.machine.phase === machine.phase;
  try {
    const [urls] = await Promise.all([
      effect.discover ? discover(environment, tokens.session().server) : machine.urls,
      tokens.fresh(effect.renew),
    ]);
    if (current()) put(self, { type: "prepared", urls });
  } catch (error) {
    if (!(error instanceof DamsoError)) throw error;
    if (current()) refused(self, error);
  }
}

function open(self: Self, url: string): void {
  /** What an earlier socket still says is not heard. */
  const mine = (heard: () => void): void => {
    if (self.socket === socket) heard();
  };
  const socket: Socket = self.environment.openSocket(url, SUBPROTOCOL, {
    opened: () => mine(() => put(self, { type: "opened" })),
    message: (text) => mine(() => receive(self, text)),
    closed: (code) => mine(() => put(self, { type: "closed", code })),
  });
  self.socket = socket;
}

function greet(self: Self): void {
  const token = self.tokens.session().access_token;
  const feed = self.above.cursor();
  const hello = self.requests.first({
    type: "hello",
    client: self.client,
    active: self.machine.active,
    ...(token && { token }),
    ...(feed && { feed }),
  });
  // The welcome is handled in its place among the frames, by `receive`.
  hello.catch((error: DamsoError) => refused(self, error));
}

function refused(self: Self, { code, retry_after_ms }: DamsoError): void {
  put(self, { type: "refused", code, retry_after_ms });
}

function hangUp(self: Self): void {
  const was = self.socket;
  self.socket = undefined;
  was?.close();
  self.requests.disconnected();
}

function receive(self: Self, text: string): void {
  const frame = parse(text);
  if (!frame) return;
  const { phase } = self.machine;
  if (phase.at === "online" && phase.pinged) put(self, { type: "heard" });
  if (!isReply(frame)) {
    if (frame.type === "bye") put(self, { type: "bye", retry_after_ms: frame.retry_after_ms });
    self.above.pushed(frame);
    return;
  }
  self.requests.answer(frame);
  if (frame.type !== "welcome") return;
  put(self, { type: "welcomed", heartbeat_ms: frame.heartbeat_ms });
  self.above.welcomed(frame);
  self.requests.connected();
}

/** Only replies carry the number of a request; a pong without one has said by coming what it has to say. */
function isReply(frame: Incoming): frame is Reply {
  return "id" in frame && typeof frame.id === "number";
}

/** A frame that is no JSON object comes from something that is not our server: it is left alone. */
function parse(text: string): Incoming | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === "object" && frame !== null && "type" in frame
      ? (frame as Incoming)
      : undefined;
  } catch {
    return undefined;
  }
}
