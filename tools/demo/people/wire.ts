/** The network of one device: it can be cut, and everything that passes is noted. */
import type { ClientFrame } from "@damso/protocol";
import type { Environment, HttpResponse } from "@damso/sdk/environment";
import { platform } from "@damso/sdk/platform/platform";
import type { Random } from "../random.ts";
import type { Notes } from "./notes.ts";
import { noteAsked, noteBody, noteFrame } from "./overhear.ts";
import type { Asked, Frame } from "./overhear.ts";

/** How long a frame gets to reach the server before the network under it goes. */
const IN_FLIGHT_MS = 5;
/** Beside the sends, this share of that share of live events is lost. */
const MISSED_EVENTS = 0.1;
const HAND_OVER_MS = 300;
const IMPATIENT_ID = 1_000_000_000;

export type Wire = {
  environment: Environment;
  /** The socket is gone, without a word to the server. */
  cut: () => void;
  /** In a tunnel: no socket opens, no request is answered. */
  setOnline: (online: boolean) => void;
  /** The share of sends that fare badly: lost with the connection, unanswered because of it, sent twice, or refused for now. */
  setLoss: (share: number) => void;
};

type State = {
  random: Random;
  notes: Notes;
  online: boolean;
  loss: number;
  /** Ends the open socket. */
  drop: (() => void) | undefined;
  /** What the platform tells the SDK about the network. */
  changed: ((online: boolean) => void) | undefined;
};

export function wire(random: Random, notes: Notes): Wire {
  const state: State = {
    random,
    notes,
    online: true,
    loss: 0,
    drop: undefined,
    changed: undefined,
  };
  return {
    environment: {
      ...platform,
      watchNetwork: (changed) => {
        state.changed = changed;
        return () => (state.changed = undefined);
      },
      openSocket: (...socket) => openSocket(state, ...socket),
      fetch: (request) => callServer(state, request),
    },
    cut: () => state.drop?.(),
    setOnline: (online) => {
      state.online = online;
      if (!online) state.drop?.();
      state.changed?.(online);
    },
    setLoss: (share) => (state.loss = share),
  };
}

type OpenSocket = Environment["openSocket"];

function openSocket(
  state: State,
  ...[url, protocol, listeners]: Parameters<OpenSocket>
): ReturnType<OpenSocket> {
  if (!state.online) {
    const timer = setTimeout(() => listeners.closed(1006), 0);
    return { send: () => {}, close: () => clearTimeout(timer) };
  }
  const socket = new WebSocket(url, protocol);
  /** The frames that wait for a page of events: what was asked, after which position. */
  const asked: Asked = new Map();
  /** `lost`: nothing passes any more, and nobody has noticed yet. */
  let line: "open" | "lost" | "closed" = "open";
  const close = (code: number): void => {
    if (line === "closed") return;
    line = "closed";
    listeners.closed(code);
  };
  const drop = (): void => {
    socket.terminate();
    close(1006);
    handOver(state);
  };
  const lose = (after_ms: number): void => {
    line = "lost";
    setTimeout(drop, after_ms);
  };
  /** As a server with too much to do: the send never got in. */
  const refuse = (id: number): void => {
    const busy = { type: "error", id, code: "busy", message: "too much to do", retry_after_ms: 20 };
    setTimeout(() => line === "open" && listeners.message(JSON.stringify(busy)), 0);
  };
  state.drop = drop;
  socket.onopen = () => line === "open" && listeners.opened();
  socket.onclose = ({ code }) => close(code);
  socket.onmessage = ({ data }) => {
    if (line !== "open" || typeof data !== "string") return;
    const frame = JSON.parse(data) as Frame;
    if (isMissed(state, frame)) return;
    noteFrame(state.notes, frame, asked);
    listeners.message(data);
  };
  return {
    close: (code) => socket.close(code),
    send: (text) => {
      if (line !== "open") return;
      const frame = JSON.parse(text) as ClientFrame;
      const fate = fateOf(state, frame);
      noteAsked(state.notes, frame, asked);
      if (fate === "lost") return lose(0);
      if (fate === "busy") return refuse(frame.id ?? 0);
      socket.send(text);
      if (fate === "twice") socket.send(again(state.notes, frame));
      // The answer is on its way while the connection goes: the device cannot know whether it was sent.
      if (fate === "unanswered") lose(IN_FLIGHT_MS);
    },
  };
}

/**
 * A phone that loses one network soon finds another and says so. Without the hint the SDK waits longer and longer
 * between its tries, as it should, and a stormy play would take minutes.
 */
function handOver(state: State): void {
  const found = (): void => {
    if (state.online) state.changed?.(true);
  };
  setTimeout(found, HAND_OVER_MS * (0.1 + state.random.next()));
}

type Fate = "sent" | "lost" | "unanswered" | "twice" | "busy";

function fateOf({ random, loss }: State, { type }: ClientFrame): Fate {
  if (type !== "send" || !random.chance(loss)) return "sent";
  return random.pick(["lost", "unanswered", "twice", "busy"]);
}

/** Live events are a hint and may be lost: the next one shows the gap, and the device has to ask. */
function isMissed({ random, loss }: State, frame: Frame): boolean {
  const live = "pos" in frame && frame.type !== "head";
  return live && random.chance(loss * MISSED_EVENTS);
}

/** The same send once more, as a client would that was too impatient: under another id, which nobody waits for. */
function again(notes: Notes, frame: ClientFrame): string {
  const repeated = { ...frame, id: IMPATIENT_ID + (frame.id ?? 0) };
  noteAsked(notes, repeated, new Map());
  return JSON.stringify(repeated);
}

async function callServer(
  { online, notes }: State,
  request: Parameters<Environment["fetch"]>[0],
): Promise<HttpResponse> {
  if (!online) throw new Error("no network");
  const response = await platform.fetch(request);
  noteBody(notes, response.body);
  return response;
}
