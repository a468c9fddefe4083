/**
 * A device that writes as fast as the rules let it: one unanswered send a channel, the same `client_id` until it is
 * answered, whatever happens to the connection. It follows its feed, and everything it sees goes into the journal.
 */
import type { ChannelId } from "@damso/protocol/ids";
import { CODES, isErrorCode } from "@damso/protocol/codes";
import type { ErrorCode } from "@damso/protocol/codes";
import type { Journal, SendNote } from "./journal.testing.ts";
import { noteEvent, noteSend, noteSent } from "./journal.testing.ts";
import { renew } from "./people.testing.ts";
import type { Session } from "./people.testing.ts";
import { newClientId } from "./random.testing.ts";
import type { Random } from "./random.testing.ts";
import { Closed, connect, Refused } from "./socket.testing.ts";
import type { Closing, Frame, RigSocket } from "./socket.testing.ts";
import { act } from "./writer-changes.testing.ts";

export type WriterOptions = {
  session: Session;
  /** Tells the devices of one user apart. */
  number: number;
  channels: readonly ChannelId[];
  journal: Journal;
  random: Random;
  /** How far its clock is ahead. */
  skew_ms?: number;
  /** Average pause between the answer to a send and the next. */
  pace_ms?: number;
  /** How often it changes what it wrote, reads and reacts: 1 is for about every third message. */
  changes?: number;
};

export type Writer = Required<WriterOptions> & {
  /** `<user>/<number>` */
  name: string;
  /** False: what is unanswered is sent again, and nothing new. */
  writing: boolean;
  socket: RigSocket | undefined;
  feed_id: string | undefined;
  /** Highest position it heard of. */
  known: number;
  unanswered: Map<ChannelId, SendNote>;
  /** Highest seq it saw, by channel. */
  seen: Map<ChannelId, number>;
  renewed_at: number;
  written: number;
  /** How often a server said that it goes. */
  byes: number;
  /** Changes that are not answered yet. */
  changing: number;
};

/** Access tokens last 15 minutes. */
const RENEW_AFTER_MS = 8 * 60_000;
/** So many entries that it has already may come with a hello once more, to be compared. */
const OVERLAP = 30;

/** How often a lane that has nothing to say looks again. */
const IDLE_MS = 5;

export function createWriter(options: WriterOptions): Writer {
  return {
    skew_ms: 0,
    pace_ms: 10,
    changes: 1,
    ...options,
    name: `${options.session.user_id}/${options.number}`,
    writing: true,
    socket: undefined,
    feed_id: undefined,
    known: 0,
    unanswered: new Map(),
    seen: new Map(),
    renewed_at: Date.now(),
    written: 0,
    byes: 0,
    changing: 0,
  };
}

export function positionOf(writer: Writer): number {
  const feed = writer.journal.feeds.get(writer.name);
  return feed ? feed.gone + feed.entries.length : 0;
}

/** Connects, resumes, and writes until the socket closes; undefined when the server went away first. */
export async function attach(writer: Writer, origin: string): Promise<Closing | undefined> {
  try {
    giveUp(writer);
    await freshen(writer, origin);
    const pos = Math.max(0, positionOf(writer) - writer.random.int(0, OVERLAP));
    const cursor = writer.feed_id === undefined ? undefined : { id: writer.feed_id, pos };
    const { socket, welcome } = await connect(origin, writer.session.access_token, cursor);
    writer.socket = socket;
    takePage(writer, welcome);
    let syncing: Promise<void> | undefined;
    const follow = (): void => {
      if (positionOf(writer) >= writer.known) return;
      syncing ??= catchUp(writer, socket)
        .catch(unlessClosed)
        .finally(() => (syncing = undefined));
    };
    socket.listen((frame) => {
      takeFrame(writer, frame);
      follow();
    });
    follow();
    const lanes = writer.channels.map((channel) => lane(writer, socket, channel));
    await Promise.all(lanes.map((one) => one.catch(unlessClosed)));
    return await socket.closed;
  } catch (error) {
    unlessGone(error);
    return undefined;
  }
}

/** What the socket before did not answer may still be done, even after what the next one says. */
function giveUp({ socket, unanswered }: Writer): void {
  if (!socket?.isOpen()) return;
  for (const note of unanswered.values()) if (note.tries > 0) note.stray = true;
}

async function freshen(writer: Writer, origin: string): Promise<void> {
  if (Date.now() - writer.renewed_at < RENEW_AFTER_MS) return;
  writer.session = await renew(origin, writer.session);
  writer.renewed_at = Date.now();
}

function unlessClosed(error: unknown): void {
  if (!(error instanceof Closed)) throw error;
}

/** A server that is killed resets connections, refuses new ones, or closes sockets; one in need says `unavailable`. */
function unlessGone(error: unknown): void {
  const { code } = error as { code?: string };
  if (error instanceof Refused && isErrorCode(error.code) && CODES[error.code].retry) return;
  const gone = ["ConnectionRefused", "ECONNREFUSED", "ECONNRESET", "ConnectionClosed"];
  if (error instanceof Closed || gone.includes(code ?? "")) return;
  throw error;
}

type Page = {
  feed: { id: string; head: number };
  events: (Frame & { pos: number })[];
  reset?: boolean;
};

function takePage(writer: Writer, frame: Frame): void {
  const page = frame as unknown as Page;
  const { journal, name } = writer;
  writer.feed_id ??= page.feed.id;
  if (page.reset || page.feed.id !== writer.feed_id) {
    journal.faults.push(`[D15] ${name} was reset at ${positionOf(writer)}, head ${page.feed.head}`);
  }
  writer.known = Math.max(writer.known, page.feed.head);
  for (const [at, event] of page.events.entries()) {
    const before = page.events[at - 1];
    if (before && event.pos !== before.pos + 1) {
      journal.faults.push(`[I12] a page goes from ${before.pos} to ${event.pos}`);
    }
    takeEvent(writer, event);
  }
}

function takeFrame(writer: Writer, frame: Frame): void {
  if (frame.type === "bye") writer.byes++;
  const { pos } = frame as { pos?: number };
  if (pos === undefined) return;
  writer.known = Math.max(writer.known, pos);
  if (frame.type === "head" || pos > positionOf(writer) + 1) return;
  takeEvent(writer, frame as Frame & { pos: number });
}

function takeEvent(writer: Writer, event: Frame & { pos: number }): void {
  noteEvent(writer.journal, writer.name, event);
  const { message } = event as { message?: { channel: ChannelId; seq: number } };
  if (!message) return;
  const { channel, seq } = message;
  writer.seen.set(channel, Math.max(writer.seen.get(channel) ?? 0, seq));
}

async function catchUp(writer: Writer, socket: RigSocket): Promise<void> {
  while (positionOf(writer) < writer.known) {
    const before = positionOf(writer);
    const feed = { id: writer.feed_id, pos: before };
    const page = await socket.request({ type: "sync", feed });
    if (page.type === "error") {
      await Bun.sleep(retryAfter(page));
      continue;
    }
    takePage(writer, page);
    if (positionOf(writer) === before) throw new Error(`sync after ${before} brings nothing`);
  }
}

/** One channel: an answer for each send before the next. */
async function lane(writer: Writer, socket: RigSocket, channel: ChannelId): Promise<void> {
  while (socket.isOpen() && writer.socket === socket) {
    const note = writer.unanswered.get(channel) ?? newSend(writer, channel);
    if (note) await say(writer, socket, note);
    if (writer.writing && note?.place) await change(writer, socket, note);
    const pause_ms = note ? writer.random.next() * 2 * writer.pace_ms : IDLE_MS;
    if (pause_ms > 0) await Bun.sleep(pause_ms);
  }
}

async function change(writer: Writer, socket: RigSocket, note: SendNote): Promise<void> {
  writer.changing++;
  try {
    await act(writer, socket, note);
  } finally {
    writer.changing--;
  }
}

function newSend(writer: Writer, channel: ChannelId): SendNote | undefined {
  if (!writer.writing) return undefined;
  const { session, name, random } = writer;
  const note: SendNote = {
    device: name,
    user_id: session.user_id,
    channel,
    client_id: newClientId(writer.skew_ms),
    body: bodyOf(writer, random),
    tries: 0,
  };
  writer.unanswered.set(channel, note);
  noteSend(writer.journal, note);
  return note;
}

/** Most are short; some are longer than a preview, in letters of one to four bytes. */
function bodyOf(writer: Writer, random: Random): string {
  const start = `${writer.name} ${++writer.written}`;
  if (random.chance(0.03 * writer.changes))
    return `${start} ${"긴 이야기 🙂 ".repeat(random.int(200, 900))}`;
  return `${start} ${"안녕 hello ".repeat(random.int(0, 4))}`;
}

function codeOf(reply: Frame): ErrorCode {
  const code = String(reply["code"]);
  if (!isErrorCode(code)) throw new Error(`not a refusal: ${JSON.stringify(reply)}`);
  return code;
}

/** How long a refusal that may be repeated wants to be left alone. */
function retryAfter(reply: Frame): number {
  const { retry_after_ms = 50 } = reply as { retry_after_ms?: number };
  if (!CODES[codeOf(reply)].retry) throw new Error(`refused: ${JSON.stringify(reply)}`);
  return Math.max(20, retry_after_ms);
}

async function say(writer: Writer, socket: RigSocket, note: SendNote): Promise<void> {
  const { channel, client_id, body } = note;
  note.tries++;
  note.since_ms ??= performance.now();
  const reply = await socket.request({ type: "send", channel, client_id, body });
  if (reply.type === "sent") {
    noteSent(writer.journal, note, reply as never);
    if (writer.unanswered.get(channel) === note) writer.unanswered.delete(channel);
    return;
  }
  const code = codeOf(reply);
  if (CODES[code].retry) writer.journal.counts.later++;
  // Who is told `busy` may take it as the end, as long as no other copy of it is under way.
  const over = code === "busy" && note.tries === 1 && writer.random.chance(0.5);
  if (CODES[code].retry && !over) return Bun.sleep(retryAfter(reply));
  note.until_ms = performance.now();
  if (!note.stray) {
    note.refused = code;
    writer.journal.counts.refused++;
  }
  if (writer.unanswered.get(channel) === note) writer.unanswered.delete(channel);
}
