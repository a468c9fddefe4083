/** The network of one device: it can be cut, and everything that passes is noted. */
import type { ChannelId, ClientFrame, ClientId, Message, Pos, Reply } from "@damso/protocol";
import type { Environment, HttpResponse } from "@damso/sdk/environment";
import { platform } from "@damso/sdk/platform/platform";
import type { Place, SyncPage } from "../check/evidence.ts";
import type { AnyEvent } from "../entry.ts";
import { entryOf, lastOf, messagesOf } from "../entry.ts";
import type { Random } from "../random.ts";
import type { Notes } from "./notes.ts";

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

function noteAsked({ transmitted }: Notes, frame: ClientFrame, asked: Asked): void {
  if (frame.type === "hello") asked.set(frame.id, frame.feed?.pos);
  if (frame.type === "sync") asked.set(frame.id, frame.feed.pos);
  if (frame.type !== "send") return;
  transmitted.set(frame.client_id, (transmitted.get(frame.client_id) ?? 0) + 1);
}

type Frame = Reply | (AnyEvent & { pos?: Pos });
type Asked = Map<number, Pos | undefined>;

function noteFrame(notes: Notes, frame: Frame, asked: Asked): void {
  switch (frame.type) {
    case "welcome":
    case "events":
      return notePage(notes, frame as Reply & { type: "events" }, asked);
    case "messages":
      for (const message of (frame as Reply & { type: "messages" }).messages) notes.sight(message);
      return;
    case "channel_list":
      for (const { last } of (frame as Reply & { type: "channel_list" }).channels)
        if (last) notes.sight(last);
      return;
    case "sent":
      return noteAnswer(notes, frame as Reply & { type: "sent" });
    case "typing":
    case "receipt":
      notes.whispers.add(frame.channel as ChannelId);
      return;
    default:
      if ("pos" in frame && frame.type !== "head") noteEvent(notes, frame);
  }
}

function noteEvent(notes: Notes, event: AnyEvent): void {
  notes.entry(entryOf(event));
  for (const message of messagesOf(event)) notes.sight(message);
}

function noteAnswer({ answers }: Notes, sent: Place & { client_id: ClientId }): void {
  const { client_id, seq, message_id, created_at } = sent;
  const earlier = answers.get(client_id) ?? [];
  answers.set(client_id, [...earlier, { seq, message_id, created_at }]);
}

function notePage(
  notes: Notes,
  { id, events, feed, more, reset = false }: Reply & { type: "events" },
  asked: Asked,
): void {
  for (const event of events) noteEvent(notes, event);
  const after = asked.get(id);
  if (after === undefined) notes.start ??= feed.head;
  else {
    const page: SyncPage = {
      after,
      poses: events.map(({ pos }) => pos),
      head: feed.head,
      more,
      reset,
    };
    notes.pages.push(page);
  }
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

/** Calls answer with a message or a channel, or with nothing of interest here. */
function noteBody(notes: Notes, body: unknown): void {
  const { last } = lastOf(body);
  if (last !== undefined) notes.sight(last);
  if (typeof body === "object" && body !== null && "message_id" in body && "rev" in body)
    notes.sight(body as Message);
}
