/**
 * Due pushes: judged when due, handed to the sink, and only then forgotten. Beside everything else: a sink that is slow
 * or refuses holds up nobody. A crash between handing over and forgetting sends one twice, under the same collapse key.
 * Rule D22, invariant I14.
 */
import type { Pos, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import type { Unfinished } from "../ports/push.ts";
import type { Entry } from "../ports/store.ts";
import { isMuted, isPushable, wasSeen } from "../push/rules.ts";
import type { PushRequest } from "../push/rules.ts";
import type { KeyOf, Put } from "../tables.ts";
import type { UserState } from "../user/state.ts";
import { unreadOf } from "../user/state.ts";
import { badgeArrived, isLower, noteBadge } from "./badges.ts";
import { notePush } from "./checkpoint.ts";
import type { Shard } from "./context.ts";
import { inKnownHome } from "./homes.ts";
import { landed, noteShown, overtaken, setOff } from "./shown.ts";
import { withAllOwns } from "./user-reads.ts";
import { durable, submit } from "./write.ts";

/** Pushes that the sink may have at once; the others stay in the store until there is room. */
const AT_ONCE_MAX = 1024;
/** Rows beside those under way that one look at the store may bring: the next look follows soon. */
const LOOK_MAX = 256;
/** When a push that failed is due again, if nobody knows better. */
const AGAIN_MS = 10_000;
/** What a sink may ask for. */
const AGAIN_MIN_MS = 500;
const AGAIN_MAX_MS = 3_600_000;

type Row = Entry<"pushes">;
type MessageRequest = Extract<PushRequest, { kind: "message" }>;

/** Nothing waits to be due. */
const SLEEPING = Number.POSITIVE_INFINITY;

/** Starts what is due. Never waits and never throws. */
export function pushTick(shard: Shard, now: number): void {
  const next = shard.push_due_at;
  if (next === SLEEPING || isEarly(next, now) || shard.pushing.size >= AT_ONCE_MAX) return;
  // One look at the store at a time: it ends soon, and the next tick comes.
  if (shard.push_ended) return;
  // Set before reading: a row that is written meanwhile wakes the next tick.
  shard.push_due_at = SLEEPING;
  shard.push_ended = new Set();
  startDue(shard, now, shard.push_ended)
    .catch((error: unknown) => {
      shard.push_due_at = Math.min(shard.push_due_at, now);
      shard.observe.warned("push", error);
    })
    .finally(() => {
      shard.push_ended = undefined;
    });
}

/** `ended`: what came to its end while the rows were read, which may have been read before it went. */
async function startDue(shard: Shard, now: number, ended: ReadonlySet<string>): Promise<void> {
  // A commit may take longer than a push waits: its row has to be seen now, because nothing wakes the next tick for it.
  if (!(await durable(shard))) return;
  const limit = shard.pushing.size + LOOK_MAX;
  const rows = await shard.store.range("pushes", {
    prefix: [shard.shard],
    from: shard.pushes_from,
    limit,
  });
  // Behind the last of a full look there may be more that is due.
  if (rows.length === limit) shard.push_due_at = Math.min(shard.push_due_at, now);
  // Nothing that was there is due earlier, and nothing that was written meanwhile: only that has set `push_due_at` since.
  shard.pushes_from = Math.min(rows[0]?.key[1] ?? now, shard.push_due_at);
  for (const row of rows) {
    const due_at = row.key[1];
    const name = row.key.join("/");
    if (shard.pushing.size >= AT_ONCE_MAX) {
      shard.push_due_at = Math.min(shard.push_due_at, now);
      return;
    }
    if (isEarly(due_at, now, row.row.wait_ms)) {
      // Looked at again before long, however far it is: a clock that is put back must not add to the wait.
      shard.push_due_at = Math.min(shard.push_due_at, due_at, now + AGAIN_MS);
      continue;
    }
    if (shard.pushing.has(name) || ended.has(name)) continue;
    shard.pushing.add(name);
    void pushOne(shard, row).finally(() => {
      shard.pushing.delete(name);
      shard.push_ended?.add(name);
    });
  }
}

/** No row is due later than this from its writing on: one that seems to be was written before the clock was put back. */
function isEarly(due_at: number, now: number, wait_ms: number = AGAIN_MS): boolean {
  return due_at > now && due_at - now <= wait_ms;
}

/** One row to its end: taken over, not due any more, or due again later. */
async function pushOne(shard: Shard, row: Row): Promise<void> {
  const puts: Put[] = [{ table: "pushes", key: row.key, row: null }];
  const [, , user_id] = row.key;
  setOff(shard, user_id, row.row);
  try {
    const request = await judge(shard, row);
    // Nobody could note that it was pushed: it is looked at again when the store is back.
    if (shard.failure) return;
    const unfinished = request && (await shard.push.push(request));
    if (unfinished) putAgain(shard, row, puts, unfinished);
    else if (request) puts.push(...handedOver(shard, request, row));
  } catch (error) {
    shard.observe.warned("push", error);
    putAgain(shard, row, puts);
  } finally {
    landed(shard, user_id, row.row);
  }
  // While the store cannot be written to the row stays, and is looked at again after the recovery.
  await new Promise<void>((resolve) => submit(shard, puts, () => resolve()));
}

/** The row is due again later, for the devices that have not got it. */
function putAgain(shard: Shard, { key, row }: Row, puts: Put[], unfinished?: Unfinished): void {
  const [bucket, , user_id, pos] = key;
  const wait_ms = Math.min(
    Math.max(Math.ceil(unfinished?.again_ms ?? AGAIN_MS), AGAIN_MIN_MS),
    AGAIN_MAX_MS,
  );
  const again: KeyOf<"pushes"> = [bucket, shard.clock.now() + wait_ms, user_id, pos];
  const done = [...(row.done ?? []), ...(unfinished?.done ?? [])];
  const tried: Row["row"] = {
    ...row,
    tries: (row.tries ?? 0) + 1,
    ...(done.length > 0 && { done }),
    ...(wait_ms !== AGAIN_MS && { wait_ms }),
  };
  if (wait_ms === AGAIN_MS) delete tried.wait_ms;
  puts.push({ table: "pushes", key: again, row: tried });
  notePush(shard, again[1], puts);
}

/** It may be shown from now on, unless it was read or deleted on the way: then it is taken back at once. */
function handedOver(shard: Shard, request: PushRequest, { key }: Row): Put[] {
  const [, , user_id, pos] = key;
  let puts: Put[] = [];
  if (request.kind === "message") {
    noteShown(shard, user_id, request.message);
    puts = overtaken(shard, user_id, request.message, request.mention, pos);
  }
  // Whatever comes after it tells the badge as well.
  if (puts.length === 0) badgeArrived(shard, request, pos, puts);
  return puts;
}

/** What to send, or undefined when the message was seen, deleted, muted or left since. */
async function judge(shard: Shard, row: Row): Promise<PushRequest | undefined> {
  if (row.row.change === "read") return { kind: "read", ...(await about(shard, row)) };
  return row.row.change === "badge" ? judgeBadge(shard, row) : judgeMessage(shard, row);
}

/** Another push may have told it meanwhile; of one that is tried again some devices have heard nothing. */
async function judgeBadge(shard: Shard, item: Row): Promise<PushRequest | undefined> {
  const [, , user_id] = item.key;
  const counted = await count(shard, user_id, (item.row.tries ?? 0) > 0);
  // The total is that of all entries, so only devices that have all of them know it.
  return counted && { kind: "badge", ...aboutAt(shard, item, counted.head, counted.badge) };
}

async function judgeMessage(shard: Shard, item: Row): Promise<PushRequest | undefined> {
  const { key, row } = item;
  const [, , user_id, pos] = key;
  const message = await messageOf(shard, row);
  if (!message || message.deleted_at !== undefined) return undefined;
  const due = await inKnownHome(shard, user_id, [row.channel], (user) =>
    user && isDue(shard, user, message, pos, row) ? aboutUnread(user, row) : undefined,
  );
  if (!due) return undefined;
  return {
    kind: "message",
    ...(await about(shard, item)),
    ...due,
    message,
    mention: row.mention === true,
    update: row.change === "edit",
  };
}

function aboutUnread(
  { channels, profile }: UserState,
  { channel }: Row["row"],
): Pick<MessageRequest, "unread" | "private"> {
  const own = channels.get(channel);
  return { unread: own ? unreadOf(own) : 0, private: profile.private_push === true };
}

type About = Omit<Extract<PushRequest, { kind: "read" }>, "kind">;

async function about(shard: Shard, item: Row): Promise<About> {
  const [, , user_id, pos] = item.key;
  const counted = await count(shard, user_id, true);
  return aboutAt(shard, item, pos, counted?.badge ?? 0);
}

type Counted = { badge: number; head: Pos };

/** What is unread in all, which devices are told from now on; undefined: no such user, or, unless `always`, no fall. */
function count(shard: Shard, user_id: UserId, always: boolean): Promise<Counted | undefined> {
  return withAllOwns(shard, user_id, (user) => {
    const badge = totalUnread(user, shard.clock.now());
    if (!always && !isLower(shard, user_id, badge)) return undefined;
    noteBadge(shard, user_id, badge);
    return { badge, head: user.head };
  });
}

function aboutAt(shard: Shard, { key, row }: Row, pos: Pos, badge: number): About {
  const [, , user_id] = key;
  const acked = [...(shard.memory.homes.get(user_id)?.acked ?? [])];
  const seen = acked.filter(([, upto]) => upto >= pos).map(([device_id]) => device_id);
  return {
    user_id,
    pos,
    channel: row.channel,
    seq: row.seq,
    badge,
    seen_by: [...seen, ...(row.done ?? [])],
    tries: row.tries ?? 0,
  };
}

async function messageOf(shard: Shard, { channel, seq }: Row["row"]): Promise<Message | undefined> {
  const answer = await shard.bus.request({ kind: "messages", channel, seqs: [seq] });
  if (!answer.ok) throw new Error(`${channel}/${seq} cannot be read: ${answer.refusal.code}`);
  return answer.value[0];
}

function isDue(
  shard: Shard,
  user: UserState,
  message: Message,
  pos: number,
  row: Row["row"],
): boolean {
  const own = user.channels.get(row.channel);
  const home = shard.memory.homes.get(user.id);
  if (!own || wasSeen(own, home, row.seq, pos)) return false;
  return isPushable(user.profile, own, message, row.mention === true, shard.clock.now());
}

/** Unread messages of all channels, muted ones left out. */
function totalUnread(user: UserState, now: number): number {
  let total = 0;
  for (const own of user.channels.values()) {
    if (own && !isMuted(own, now)) total += unreadOf(own);
  }
  return total;
}
