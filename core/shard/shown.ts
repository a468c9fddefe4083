/**
 * Which notifications devices show, so that they can be taken back: of each user and channel the newest message that a
 * push was handed over for. Memory only: after a crash the badge of the next push is right, and what is shown stays until
 * the app opens or the channel is pushed again. Rule N9.
 */
import type { ChannelId, Pos, Seq, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import { isMuted } from "../push/rules.ts";
import type { Put, PushRow } from "../tables.ts";
import type { NewEntry } from "../user/feed.ts";
import { hasSeq } from "../user/ranges.ts";
import type { UserState } from "../user/state.ts";
import { lower } from "./badges.ts";
import type { Shard } from "./context.ts";
import { putRow } from "./push-rows.ts";

/** Users whose notifications are known; those noted first are forgotten first. */
const USERS_MAX = 100_000;

type Note = { seq: Seq; body_rev: number };
export type Shown = Map<UserId, Map<ChannelId, Note>>;

/** What became of a message since its push is judged: it is not noted as shown before a service has it. */
type Flight = { rows: number; deleted: boolean; edit?: Edit };
type Edit = { message: Message; mention: boolean };
/** By user, channel and seq; no more than there are pushes under way. */
export type Flights = Map<string, Flight>;

/** A push service has the notification. */
export function noteShown(
  shard: Shard,
  user_id: UserId,
  { channel, seq, body_rev }: Message,
): void {
  if (!shard.push.withdraws) return;
  const channels = shard.shown.get(user_id) ?? new Map<ChannelId, Note>();
  const known = channels.get(channel);
  // One that was tried again may come after a newer one, and after what it says now was told.
  if (!known || known.seq < seq) channels.set(channel, { seq, body_rev });
  shard.shown.set(user_id, channels);
  if (shard.shown.size <= USERS_MAX) return;
  for (const oldest of shard.shown.keys()) {
    shard.shown.delete(oldest);
    return;
  }
}

/** An entry of a user's feed may end what is shown: then a row says so, in the commit of the entry. */
export function withdraw(
  shard: Shard,
  user: UserState,
  entry: NewEntry,
  pos: Pos,
  puts: Put[],
): void {
  if (entry.kind === "account") return;
  const { channel } = entry;
  if (entry.kind === "message_updated" && entry.skip) {
    const flight = shard.flights.get(flightName(user.id, entry));
    if (flight) flight.deleted = true;
  }
  const note = noteOf(shard, user.id, channel);
  if (!note || !isOver(user, entry, note, shard.clock.now()))
    return lower(shard, user, entry, pos, puts);
  forget(shard, user.id, channel);
  // What was read is more than what is shown where the next message is on its way: that goes as well.
  const seq = Math.max(note.seq, user.channels.get(channel)?.read ?? 0);
  putChange(shard, user, { channel, seq, change: "read" }, pos, puts);
}

/** What is shown says something else now, and silently so. `pos`: of the entry that the row is for. */
export function amend(
  shard: Shard,
  user: UserState,
  message: Message,
  mention: boolean,
  pos: Pos,
  puts: Put[],
): void {
  const { channel, seq, body_rev } = message;
  const flight = shard.flights.get(flightName(user.id, message));
  if (flight) flight.edit = { message, mention };
  const note = noteOf(shard, user.id, channel);
  if (note?.seq !== seq || note.body_rev >= body_rev) return;
  note.body_rev = body_rev;
  const row: PushRow = { channel, seq, change: "edit", ...(mention && { mention }) };
  putChange(shard, user, row, pos, puts);
}

/** The push of a message is judged from now on. */
export function setOff(shard: Shard, user_id: UserId, at: At): void {
  const name = flightName(user_id, at);
  const flight = shard.flights.get(name) ?? { rows: 0, deleted: false };
  flight.rows++;
  shard.flights.set(name, flight);
}

/** It has come to its end, whichever. */
export function landed(shard: Shard, user_id: UserId, at: At): void {
  const name = flightName(user_id, at);
  const flight = shard.flights.get(name);
  if (flight && --flight.rows === 0) shard.flights.delete(name);
}

type At = { channel: ChannelId; seq: Seq };
const flightName = (user_id: UserId, { channel, seq }: At): string =>
  `${user_id} ${channel} ${seq}`;

/** The row that takes a notification back, or changes it, because of what happened while it was on its way. */
export function overtaken(
  shard: Shard,
  user_id: UserId,
  { channel, seq }: Message,
  mention: boolean,
  pos: Pos,
): Put[] {
  const user = shard.memory.users.get(user_id);
  const own = user?.channels.get(channel);
  // Of a later message that is shown by now, nothing is taken back.
  if (!user || own === undefined || noteOf(shard, user_id, channel)?.seq !== seq) return [];
  const flight = shard.flights.get(flightName(user_id, { channel, seq }));
  const puts: Put[] = [];
  const gone = flight?.deleted || !own || own.read >= seq || hasSeq(own.hidden, seq);
  if (gone || (!mention && isMuted(own, shard.clock.now()))) {
    forget(shard, user_id, channel);
    putRow(shard, user_id, { channel, seq, change: "read" }, pos, puts);
  } else if (flight?.edit) amend(shard, user, flight.edit.message, flight.edit.mention, pos, puts);
  return puts;
}

function noteOf(shard: Shard, user_id: UserId, channel: ChannelId): Note | undefined {
  return shard.shown.get(user_id)?.get(channel);
}

function forget(shard: Shard, user_id: UserId, channel: ChannelId): void {
  const channels = shard.shown.get(user_id);
  channels?.delete(channel);
  if (channels?.size === 0) shard.shown.delete(user_id);
}

function isOver(
  user: UserState,
  entry: Exclude<NewEntry, { kind: "account" }>,
  note: Note,
  now: number,
): boolean {
  const own = user.channels.get(entry.channel);
  if (!own || own.read >= note.seq) return true;
  if (entry.kind === "channel_settings") return mutes(entry) && isMuted(own, now);
  const gone = entry.kind === "message_hidden" || (entry.kind === "message_updated" && entry.skip);
  return gone === true && entry.seq === note.seq;
}

/** Whoever mutes a chat has had enough of it, whatever is shown; what comes later is looked at by the rules. */
const mutes = ({ set }: Extract<NewEntry, { kind: "channel_settings" }>): boolean =>
  typeof set.muted_until === "string";

function putChange(shard: Shard, user: UserState, row: PushRow, pos: Pos, puts: Put[]): void {
  if (user.profile.has_push) putRow(shard, user.id, row, pos, puts);
}
