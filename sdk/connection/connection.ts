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
import { discover } from "./discovery.ts";
import { machine, step, visible } from "./machine.ts";
import type { Effect, Input } from "./machine.ts";
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
  isActive: () => boolean;
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

export function connection({ environment, tokens, client, above }: ConnectionOptions): Connection {
  let now = machine();
  let socket: Socket | undefined;
  let timer: { at: number | undefined; cancel: Cancel } | undefined;
  let unwatch: Cancel | undefined;
  /** Told to the layers above already; they are told again only when it differs. */
  let told = visible(now);
  const inputs: Input[] = [];
  const asked = requests({
    setTimer: environment.setTimer,
    send: (frame) => socket?.send(JSON.stringify(frame)),
  });

  /** Effects may cause inputs at once: they queue up behind the step that is being carried out. */
  function put(input: Input): void {
    inputs.push(input);
    if (inputs.length > 1) return;
    for (let next = inputs[0]; next !== undefined; next = inputs[0]) {
      const moment = { now: environment.now(), random: random(environment) };
      const stepped = step(now, next, moment);
      now = stepped.machine;
      syncTimer();
      for (const effect of stepped.effects) carryOut(effect);
      announce();
      inputs.shift();
    }
  }

  function syncTimer(): void {
    if (timer?.at === now.deadline) return;
    timer?.cancel();
    timer = undefined;
    if (now.deadline === undefined) return;
    const wait = Math.max(0, now.deadline - environment.now());
    timer = { at: now.deadline, cancel: environment.setTimer(wait, expire) };
  }

  function expire(): void {
    timer = undefined;
    put({ type: "expired" });
  }

  function announce(): void {
    const state = visible(now);
    if (JSON.stringify(state) === JSON.stringify(told)) return;
    told = state;
    if (state.name === "closed") asked.stop(new DamsoError("session_ended", state.reason));
    above.changed(state);
  }

  function carryOut(effect: Effect): void {
    switch (effect.do) {
      case "prepare":
        return void prepare(effect);
      case "open":
        return open(effect.url);
      case "greet":
        return greet();
      case "ping":
        return socket?.send(JSON.stringify({ type: "ping", active: now.active }));
      case "hang_up":
        return hangUp();
    }
  }

  async function prepare({ discover: look, renew }: Effect & { do: "prepare" }): Promise<void> {
    const { phase } = now;
    const current = (): boolean => now.phase === phase;
    try {
      const server = tokens.session().server;
      const [urls] = await Promise.all([
        look ? discover(environment, server) : now.urls,
        tokens.fresh(renew),
      ]);
      if (current()) put({ type: "prepared", urls });
    } catch (error) {
      if (!(error instanceof DamsoError)) throw error;
      const { code, retry_after_ms } = error;
      if (current()) put({ type: "not_prepared", code, retry_after_ms });
    }
  }

  function open(url: string): void {
    const mine: Socket = environment.openSocket(url, SUBPROTOCOL, {
      opened: () => socket === mine && put({ type: "opened" }),
      message: (text) => socket === mine && receive(text),
      closed: (code) => socket === mine && put({ type: "closed", code }),
    });
    socket = mine;
  }

  function greet(): void {
    const token = tokens.session().access_token;
    const cursor = above.cursor();
    const hello = asked.first({
      type: "hello",
      client,
      active: now.active,
      ...(token !== undefined && { token }),
      ...(cursor !== undefined && { feed: { id: cursor.id, pos: cursor.pos } }),
    });
    // The welcome is handled in its place among the frames, see `receive`.
    hello.catch((error: DamsoError) => {
      put({ type: "refused", code: error.code, retry_after_ms: error.retry_after_ms });
    });
  }

  function hangUp(): void {
    const was = socket;
    socket = undefined;
    was?.close();
    asked.disconnected();
  }

  function receive(text: string): void {
    const frame = parse(text);
    if (frame === undefined) return;
    if (now.phase.at === "online" && now.phase.pinged) put({ type: "heard" });
    if (frame.type === "welcome") {
      asked.answer(frame);
      put({ type: "welcomed", heartbeat_ms: frame.heartbeat_ms });
      above.welcomed(frame);
      asked.connected();
      return;
    }
    if (frame.type === "bye") put({ type: "bye", retry_after_ms: frame.retry_after_ms });
    if (isReply(frame)) asked.answer(frame);
    else above.pushed(frame);
  }

  return {
    call: asked.call,
    start: () => {
      asked.start();
      unwatch ??= environment.watchNetwork?.((online) => put({ type: "network", online }));
      put({ type: "start" });
    },
    stop: () => {
      unwatch?.();
      unwatch = undefined;
      put({ type: "stop" });
      asked.stop(new DamsoError("stopped"));
    },
    state: () => visible(now),
    setActive: (active) => {
      if (active !== now.active) put({ type: "active", active });
    },
    isActive: () => now.active,
    tell: (frame) => {
      if (now.phase.at !== "online") return false;
      socket?.send(JSON.stringify(frame));
      return true;
    },
  };
}

const REPLIES: Record<Reply["type"], true> = {
  welcome: true,
  sent: true,
  ok: true,
  events: true,
  messages: true,
  channel_list: true,
  opened: true,
  pong: true,
  error: true,
};

function isReply(frame: Incoming): frame is Reply {
  return Object.hasOwn(REPLIES, frame.type);
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

function random({ randomBytes }: Environment): number {
  const [a = 0, b = 0] = randomBytes(2);
  return (a * 256 + b) / 65_536;
}
