/** Rows of `pushes`, and what push services took over: I14. */
import type { ClientFrame } from "@damso/protocol/frames/client";
import type { ChannelId, Pos, Seq, UserId } from "@damso/protocol/ids";
import type { Put, PutOf } from "@damso/core/tables";
import type { PushRequest } from "@damso/core/push/rules";
import { homeIn, keptAt, ownOf } from "./book.ts";
import type { Book } from "./book.ts";
import type { Commit } from "./commits.ts";
import type { Entered } from "./feeds.ts";
import type { Who } from "./witness.ts";

/** A notification that is owed; `taken`: how many crashes there were when a push service took it over. */
type Due = {
  user_id: UserId;
  pos: Pos;
  channel: ChannelId;
  seq: Seq;
  due_at: number;
  /** Its row is gone: it was handed over, or is not due any more. */
  noted: boolean;
  taken: number | undefined;
};

/** What one socket said of its device. `suspects`: pushes that were wrong if this socket is still alive. */
type Front = {
  session_id: string;
  device_id: string;
  user_id: UserId;
  active: boolean;
  pos: Pos;
  since: number;
  suspects: string[];
};

/** One device: what it said that it has, and of that what it had while a person looked at it. */
type Eyes = { user_id: UserId; acked: Pos; seen: Pos; active: Set<number> };

export type Pushes = {
  due: Map<string, Due>;
  crashes: number;
  /** The store cannot be written to. */
  down: boolean;
  fronts: Map<string, Front>;
  /** By `device_id`. */
  eyes: Map<string, Eyes>;
};

export function createPushes(): Pushes {
  return { due: new Map(), crashes: 0, down: false, fronts: new Map(), eyes: new Map() };
}

/** A backup brings back what was due when it was made. */
export function pushesRestored(book: Book, pushes: Pushes, rows: readonly Put[]): void {
  pushes.due.clear();
  pushes.fronts.clear();
  pushes.eyes.clear();
  pushes.crashes++;
  for (const put of rows) if (put.table === "pushes") takeRow(book, pushes, put);
}

const nameOf = (user_id: UserId, pos: Pos): string => `${user_id}/${pos}`;

export function takePushes(book: Book, pushes: Pushes, commit: Commit): void {
  const ended = commit.pushes.map((put) => takeRow(book, pushes, put));
  for (const due of ended) if (due?.noted) checkDropped(book, pushes, due);
  const { pushes_to } = book.options;
  if (!pushes_to) return;
  for (const one of commit.entered) {
    if (!isOwed(book, one) || !pushes_to(one.home.id)) continue;
    if (pushes.due.has(nameOf(one.home.id, one.pos))) continue;
    const { channel, seq } = one.kept.message;
    book.faults.add(
      "I14",
      `feed of ${one.home.id} at ${one.pos}: ${channel}#${seq} is not due for push`,
    );
  }
}

/** Mutes that are about to end are nobody's business here. */
const MUTE_EDGE_MS = 60_000;

function isOwed(book: Book, { muted_until, mention }: Entered): boolean {
  if (mention || muted_until === undefined) return true;
  return Date.parse(muted_until) < book.options.now() - MUTE_EDGE_MS;
}

function takeRow(book: Book, pushes: Pushes, { key, row }: PutOf<"pushes">): Due | undefined {
  const [, due_at, user_id, pos] = key;
  const name = nameOf(user_id, pos);
  const due = pushes.due.get(name);
  if (row === null) {
    if (due?.due_at !== due_at) return undefined;
    due.noted = true;
    return due;
  }
  const entry = homeIn(book, user_id).feed[pos - 1];
  if (entry?.kind !== "message" || entry.channel !== row.channel || entry.seq !== row.seq)
    book.faults.add(
      "I14",
      `push of ${user_id} at ${pos} is of ${row.channel}#${row.seq}, which the feed has not there`,
    );
  // One that failed is written anew for later.
  if (due) [due.due_at, due.noted] = [due_at, false];
  else pushes.due.set(name, { user_id, pos, ...row, due_at, noted: false, taken: undefined });
  return undefined;
}

/** `seen_by`: devices that are not to be told, because they have it. */
export type PushedPlace = Pick<PushRequest, "user_id" | "pos" | "channel" | "seq" | "seen_by">;

/** A push is on its way; answers how many crashes there were so far, none where a former owner of the shard sends it. */
export function beginPush(
  { faults }: Book,
  pushes: Pushes,
  { user_id, pos }: PushedPlace,
  former: boolean,
): number {
  if (pushes.down)
    faults.add("I14", `push of ${user_id} at ${pos} begins while nobody can note that it was done`);
  return former ? -1 : pushes.crashes;
}

/**
 * A push service has it. Twice only when the server could not note the first time, or when this one left a server that
 * has stood still since and is not the owner any more. `begun`: how many crashes there were when it left.
 */
export function takePush(book: Book, pushes: Pushes, request: PushedPlace, begun: number): void {
  const { user_id, pos } = request;
  const due = pushes.due.get(nameOf(user_id, pos));
  const place = `push of ${user_id} at ${pos}, ${request.channel}#${request.seq}`;
  if (!due) return book.faults.add("I14", `${place}: no row says so`);
  const same = begun === pushes.crashes;
  if (same && due.noted) book.faults.add("I14", `${place}: it was done and noted`);
  if (same && due.taken === begun) book.faults.add("I14", `${place}: taken over a second time`);
  due.taken = Math.max(due.taken ?? begun, begun);
  const last = homeIn(book, user_id).owns.get(due.channel)?.at(-1);
  const early = Math.min(book.options.now(), due.due_at) - UNDER_WAY_MS;
  if (last && last.touched_ms <= early && isGone(book, due, early))
    book.faults.add("I14", `${place}: it was read, hidden, deleted or left before it was due`);
  for (const front of pushes.fronts.values()) {
    if (front.user_id !== user_id || front.pos < pos || front.since > early) continue;
    // In the foreground of one device it is for none; else it is for those that do not have it.
    if (front.active || !request.seen_by.includes(front.device_id)) front.suspects.push(place);
  }
}

/** What is committed or said while a push is on its way comes too late for it. */
const UNDER_WAY_MS = 1000;

/** `by`: until when it had to be deleted. */
function isGone(
  book: Book,
  { user_id, channel, seq }: Due,
  by: number = Number.POSITIVE_INFINITY,
): boolean {
  const own = ownOf(homeIn(book, user_id), channel);
  if (!own || own.read >= seq || own.hidden.has(seq) || own.cleared_to >= seq) return true;
  const kept = keptAt(book, channel, seq);
  return kept?.message.deleted_at !== undefined && kept.changed_ms <= by;
}

/** Its row went without a push service having it: somebody has seen it, or wants none. */
function checkDropped(book: Book, pushes: Pushes, due: Due): void {
  if (due.taken !== undefined || isGone(book, due)) return;
  const { user_id, channel, seq, pos } = due;
  if (book.options.pushes_to?.(user_id) !== true) return;
  if (ownOf(homeIn(book, user_id), channel)?.muted_until !== undefined) return;
  for (const eyes of pushes.eyes.values()) if (eyes.user_id === user_id && eyes.seen >= pos) return;
  book.faults.add("I14", `push of ${user_id} at ${pos}: ${channel}#${seq} was dropped unseen`);
}

/** Hears from sockets what their devices have, and whether a person looks at them. */
export function heardFront(
  book: Book,
  pushes: Pushes,
  who: Who,
  socket: number,
  frame: ClientFrame,
): void {
  const name = `${who.device}/${socket}`;
  let front = pushes.fronts.get(name);
  if (!front) {
    const since = book.options.now();
    front = {
      session_id: who.session_id,
      device_id: who.device_id,
      user_id: who.user_id,
      active: false,
      pos: 0,
      since,
      suspects: [],
    };
    pushes.fronts.set(name, front);
  }
  // The other shards hear of it in passing, which may be lost.
  if (!book.options.lossy)
    for (const place of front.suspects) book.faults.add("I14", `${place}: ${who.device} had it`);
  front.suspects.length = 0;
  if (frame.type === "hello") replace(book, pushes, front);
  const active = frame.type === "hello" ? (frame.active ?? true) : activeIn(frame);
  if (active !== undefined && active !== front.active)
    [front.active, front.since] = [active, book.options.now()];
  if (frame.type === "ack" && frame.pos > front.pos)
    [front.pos, front.since] = [frame.pos, book.options.now()];
  const has = frame.type === "hello" ? (frame.feed?.pos ?? 0) : front.pos;
  look(pushes, who, { socket, pos: has, active });
}

/** Of one session the socket that greeted last says whether somebody looks, also before it is welcome. */
function replace(book: Book, { fronts }: Pushes, by: Front): void {
  for (const front of fronts.values())
    if (front !== by && front.session_id === by.session_id && front.active)
      [front.active, front.since] = [false, book.options.now()];
}

/** A poll says what its device has as a socket does, and is looked at just then. */
export function heardPoll(pushes: Pushes, who: Who, call: string): void {
  const pos = /^GET \/v1\/feed\?.*\bafter=(\d+)/.exec(call)?.[1];
  if (pos === undefined) return;
  const eyes = eyesOf(pushes, who);
  eyes.acked = Math.max(eyes.acked, Number(pos));
  eyes.seen = eyes.acked;
}

function look(
  pushes: Pushes,
  who: Who,
  { socket, pos, active }: { socket: number; pos: Pos; active: boolean | undefined },
): void {
  const eyes = eyesOf(pushes, who);
  if (active === true) eyes.active.add(socket);
  if (active === false) eyes.active.delete(socket);
  eyes.acked = Math.max(eyes.acked, pos);
  if (eyes.active.size > 0) eyes.seen = eyes.acked;
}

function eyesOf({ eyes }: Pushes, { device_id, user_id }: Who): Eyes {
  let found = eyes.get(device_id);
  if (!found) eyes.set(device_id, (found = { user_id, acked: 0, seen: 0, active: new Set() }));
  return found;
}

function activeIn(frame: ClientFrame): boolean | undefined {
  return frame.type === "ack" || frame.type === "ping" ? frame.active : undefined;
}

/** A server that is gone has forgotten what devices told it. */
export function pushesCrashed(pushes: Pushes, store: "down" | "up" | undefined): void {
  pushes.crashes++;
  pushes.down = store === "down";
  for (const front of pushes.fronts.values()) {
    front.suspects.length = 0;
    if (store === undefined) [front.active, front.pos] = [false, 0];
  }
}

/** At rest nothing is owed any more. */
export function checkPushes(book: Book, pushes: Pushes): void {
  for (const { user_id, pos, channel, seq, noted } of pushes.due.values())
    if (!noted)
      book.faults.add("I14", `push of ${user_id} at ${pos}: ${channel}#${seq} still waits`);
}
