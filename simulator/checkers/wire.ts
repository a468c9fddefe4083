/** What passes between server and devices: each frame and each answer goes to those who judge it. */
import type { ClientFrame } from "@damso/protocol/frames/client";
import type { FeedEvent } from "@damso/protocol/frames/events";
import type { Ephemeral, Reply } from "@damso/protocol/frames/server";
import type { FeedId, Pos, SessionId } from "@damso/protocol/ids";
import type { Command } from "@damso/core/shard/commands";
import type { Put } from "@damso/core/tables";
import { answeredAfter, ofSession, ofView, takeAsk } from "./asks.ts";
import type { Asks } from "./asks.ts";
import { count, homeIn, keptAt } from "./book.ts";
import type { Book } from "./book.ts";
import { checkEvent, checkPage } from "./events.ts";
import { checkHistory } from "./pages.ts";
import { checkPassing } from "./passing.ts";
import { wasIn } from "./sight.ts";
import { checkSummary } from "./summaries.ts";
import { heardTry, refusedTry, sentTry } from "./tries.ts";
import type { TryBook } from "./tries.ts";
import type { Who } from "./witness.ts";

/** What was known when a device asked. */
export type Asked = { frame: ClientFrame; step: number; told: Pos; tail: Pos; told_seq: number };

export type SocketBook = {
  who: Who;
  where: string;
  /** The restores before it: nothing that was told before one counts after it. */
  age: number;
  /** The life of the server that has it, where that was told, and when its hello came. */
  node: string | undefined;
  hello_ms: number;
  asked: Map<number, Asked>;
  /** The newest event that was pushed, and the newest position of an event or page. */
  live: Pos;
  pos: Pos;
  /** The end of the last page of events: whatever stands up to here was read for it. */
  paged: Pos;
  /** How far the device was told that its feed is; undefined while nobody can be held to it. */
  known: Pos | undefined;
  /** Bytes that its peer has not taken. */
  waiting: number;
};

export type Wire = {
  book: Book;
  sockets: Map<string, SocketBook>;
  tries: TryBook;
  /** When the revoke of a session was answered, and when its home had it for good. */
  revoked: Map<SessionId, number>;
  ended: Map<SessionId, number>;
  /** What gateways ask of homes and owners of channels. */
  asks: Asks;
  /** Feed ids told since the last restore, and those from before one. */
  feed_ids: Set<FeedId>;
  old_ids: Set<FeedId>;
  restores: number;
  /** When a store failed last, or was opened again. */
  failed_ms: number;
};

export function createWire(book: Book): Wire {
  return {
    book,
    sockets: new Map(),
    tries: new Map(),
    revoked: new Map(),
    ended: new Map(),
    asks: new Map(),
    feed_ids: new Set(),
    old_ids: new Set(),
    restores: 0,
    failed_ms: -Infinity,
  };
}

/** After a restore positions begin again, under other ids. */
export function wireRestored(wire: Wire): void {
  wire.restores++;
  for (const id of wire.feed_ids) wire.old_ids.add(id);
  wire.feed_ids.clear();
  wire.sockets.clear();
}

function socketOf(wire: Wire, who: Who, socket: number): SocketBook {
  const name = `${who.device}/${socket}`;
  const found = wire.sockets.get(name);
  if (found) return found;
  const where = `${who.device} of ${who.user_id}`;
  const made = {
    who,
    where,
    age: wire.restores,
    node: undefined,
    hello_ms: -Infinity,
    asked: new Map(),
    live: 0,
    pos: 0,
    paged: 0,
    known: undefined,
    waiting: 0,
  };
  wire.sockets.set(name, made);
  return made;
}

const REVOKE_MS = 1000;

/** A call of this session is refused: each asks the accounts store, which knew of the end before the revoke was answered. */
export function isOver({ book, revoked }: Wire, { session_id }: Who): boolean {
  const since = revoked.get(session_id);
  return since !== undefined && book.options.now() - since > REVOKE_MS;
}

/**
 * Nothing may pass through this socket any more: its hello came after the end of its session, or its gateway has asked
 * the home since, or could not and has borne the silence for as long as it may.
 */
function isOverAt({ book, revoked, ended, asks }: Wire, at: SocketBook): boolean {
  const { session_id } = at.who;
  const since = revoked.get(session_id);
  if (since === undefined) return false;
  if (at.hello_ms > since) return true;
  const { now, revoke_grace_ms = REVOKE_MS } = book.options;
  if (now() - since > revoke_grace_ms) return true;
  const known_ms = Math.max(since, ended.get(session_id) ?? Infinity);
  const told_ms = answeredAfter(asks, ofSession(at.node ?? "", session_id), known_ms);
  return now() - told_ms > REVOKE_MS;
}

/** Ends of sessions that are durable at their home. */
export function noteEnds({ book, ended }: Wire, puts: readonly Put[]): void {
  for (const put of puts) {
    if (put.table !== "users") continue;
    for (const id of put.row?.revoked ?? []) if (!ended.has(id)) ended.set(id, book.options.now());
  }
}

export function socketOpened(wire: Wire, who: Who, socket: number, node: string): void {
  socketOf(wire, who, socket).node = node;
}

/** What a gateway may not go on with when it was answered. */
export function gatewayAsks({ book, asks }: Wire, node: string, command: Command): () => void {
  const { now } = book.options;
  if (command.kind === "exchange") {
    const keys = command.sessions.map(({ session_id }) => ofSession(node, session_id));
    return takeAsk(asks, keys, now);
  }
  if (command.kind !== "view") return () => {};
  return takeAsk(asks, [ofView(node, command.user_id, command.channel)], now);
}

export function heardFrame(
  wire: Wire,
  who: Who,
  socket: number,
  text: string,
): ClientFrame | undefined {
  const { book } = wire;
  const at = socketOf(wire, who, socket);
  const frame = parse(text) as ClientFrame | undefined;
  if (!frame) return undefined;
  count(book, "heard");
  if (frame.type === "hello") at.hello_ms = book.options.now();
  if (frame.id !== undefined) {
    const home = homeIn(book, who.user_id);
    const told_seq = "channel" in frame ? (book.channels.get(frame.channel)?.told ?? 0) : 0;
    at.asked.set(frame.id, { frame, step: book.step, told: home.told, tail: home.tail, told_seq });
  }
  if (frame.type === "send")
    heardTry(wire.tries, { ...frame, sender: who.user_id }, who.device, isOverAt(wire, at));
  return frame;
}

/** A client may send anything. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function toldFrame(wire: Wire, who: Who, socket: number, text: string): void {
  const { book } = wire;
  const at = socketOf(wire, who, socket);
  const frame = JSON.parse(text) as FeedEvent | Reply | Ephemeral;
  count(book, "told");
  if (isOverAt(wire, at) && frame.type !== "error" && frame.type !== "bye")
    book.faults.add("I17", `${at.where}: ${frame.type} after its session ${who.session_id} ended`);
  if ("pos" in frame && frame.type !== "head") return pushed(wire, at, frame);
  const id = "id" in frame ? frame.id : undefined;
  const asked = id === undefined ? undefined : at.asked.get(id);
  if (id !== undefined) at.asked.delete(id);
  answer(wire, at, frame, asked);
}

/** While more than this waits in a socket, it is told no events. */
const EVENTS_BYTES_MAX = 256 * 1024;
/** The server ends a socket that has this much waiting, and what it adds before it looks is one page. */
const SOCKET_BYTES_MAX = 5 * 1024 * 1024;

/** What the peer of a socket has not taken, before a frame is written and after it. */
export function nowWaiting(wire: Wire, who: Who, socket: number, bytes: number): void {
  const { book } = wire;
  socketOf(wire, who, socket).waiting = bytes;
  const most = book.options.socket_bytes_max ?? SOCKET_BYTES_MAX;
  if (bytes > most) book.faults.add("I20", `${bytes} bytes wait for ${who.device}`);
}

/** A store that failed may have on it what nobody was told of. */
export function wireFailed(wire: Wire): void {
  wire.failed_ms = wire.book.options.now();
  for (const at of wire.sockets.values()) at.known = undefined;
}

/** Two rounds of gateways that ask how far their sockets' feeds are. */
const TOLD_AGAIN_MS = 11_000;

function noteTold({ book, failed_ms }: Wire, at: SocketBook, pos: Pos): void {
  const { lossy, now } = book.options;
  // Nodes tell each other in passing, which may be lost; and what a store brings back nobody knows of for a while.
  if (lossy || now() - failed_ms < TOLD_AGAIN_MS) return;
  at.known = Math.max(at.known ?? 0, pos);
}

/** Live: in the order of positions; what is left out, as for a slow reader, the device was told of by a head. */
function pushed(wire: Wire, at: SocketBook, event: FeedEvent): void {
  const { book } = wire;
  const home = homeIn(book, at.who.user_id);
  if (at.waiting > EVENTS_BYTES_MAX)
    book.faults.add("I20", `${at.where}: ${event.pos} is pushed while ${at.waiting} bytes wait`);
  if (event.pos <= at.live)
    book.faults.add("I6", `${at.where}: ${event.pos} is pushed after ${at.live}`);
  if (at.known !== undefined && event.pos > at.known + 1)
    book.faults.add(
      "I21",
      `${at.where}: ${event.pos} is pushed, and nobody told of ${at.known + 1}`,
    );
  noteTold(wire, at, event.pos);
  at.live = event.pos;
  at.pos = Math.max(at.pos, event.pos);
  home.told = Math.max(home.told, Math.min(event.pos, home.head));
  checkEvent(book, { where: `${at.where} is pushed`, home, as_of: event.pos }, event);
}

function answer(
  wire: Wire,
  at: SocketBook,
  frame: Reply | Ephemeral,
  asked: Asked | undefined,
): void {
  const { book, tries } = wire;
  const home = homeIn(book, at.who.user_id);
  const { where } = at;
  const step = asked?.step ?? 0;
  switch (frame.type) {
    case "welcome":
    case "events":
      return takePage(wire, at, frame, asked);
    case "sent":
      return sentTry(book, tries, at.who.user_id, where, frame);
    case "error":
      if (asked?.frame.type === "send")
        refusedTry(book, tries, { ...asked.frame, sender: home.id }, where, frame.code, step);
      return;
    case "messages":
      return takeHistory(wire, at, frame, asked);
    case "channel_list": {
      const look = { where, home, as_of: asked?.told ?? -1, asked: step };
      for (const channel of frame.channels) checkSummary(book, look, channel);
      return;
    }
    case "opened":
      if (!wasIn(book, home, frame.channel, asked?.told ?? -1))
        book.faults.add("I18", `${where}: opened ${frame.channel}, where ${home.id} is not`);
      return;
    case "ok":
      return checkRev(book, where, asked, frame.rev);
    case "head":
      if (frame.pos > home.head)
        book.faults.add("I3", `${where}: head ${frame.pos}, committed is ${home.head}`);
      noteTold(wire, at, frame.pos);
      return;
    case "typing":
    case "receipt":
      return checkPassing(wire, at, frame);
    case "pong":
    case "presence":
    case "bye":
      return;
  }
}

function takePage(
  wire: Wire,
  at: SocketBook,
  page: Extract<Reply, { type: "welcome" | "events" }>,
  asked: Asked | undefined,
): void {
  const { book } = wire;
  const home = homeIn(book, at.who.user_id);
  noteFeedId(wire, at.where, page.feed.id);
  noteTold(wire, at, page.feed.head);
  const frame = asked?.frame;
  // Without its request nobody can say what the page has to begin with.
  if (!asked || (frame?.type !== "hello" && frame?.type !== "sync")) return;
  const { step, told, tail } = asked;
  checkPage(book, at.where, home, page, { step, told, tail, cursor: frame.feed });
  const end = page.events.at(-1)?.pos ?? page.feed.head;
  at.pos = Math.max(at.pos, end);
  // One that begins anew has no events.
  if (!page.reset) at.paged = Math.max(at.paged, end);
  home.told = Math.max(home.told, Math.min(page.feed.head, home.head));
}

export function noteFeedId(wire: Wire, where: string, id: FeedId): void {
  wire.feed_ids.add(id);
  if (wire.old_ids.has(id))
    wire.book.faults.add("I2", `${where}: feed id ${id} is from before the restore`);
}

function takeHistory(
  { book }: Wire,
  at: SocketBook,
  page: Extract<Reply, { type: "messages" }>,
  asked: Asked | undefined,
): void {
  const home = homeIn(book, at.who.user_id);
  if (asked?.frame.type !== "history") return;
  const { before, after, around } = asked.frame;
  checkHistory(book, at.where, home, page, {
    step: asked.step,
    told: asked.told,
    told_seq: asked.told_seq,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(around !== undefined && { around }),
  });
}

function checkRev(
  book: Book,
  where: string,
  asked: Asked | undefined,
  rev: number | undefined,
): void {
  const frame = asked?.frame;
  if (rev === undefined || !frame || !("seq" in frame)) return;
  const kept = keptAt(book, frame.channel, frame.seq);
  if (!kept || kept.message.rev < rev)
    book.faults.add("I22", `${where}: ${frame.channel}#${frame.seq} has rev ${rev}, not committed`);
  else if (kept.told_rev < rev) [kept.told_rev, kept.told_at] = [rev, book.step];
}
