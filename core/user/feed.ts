/**
 * Appends to a user's feed: gives out the next `pos`, changes the home's state, and leaves the row to commit and the
 * event to send once it is committed. Every change that a device must see goes through here. Rules D13, D14.
 */
import type { Pos, Seq } from "@damso/protocol/ids";
import type { FeedRow, Put } from "../tables.ts";
import { applyEntry } from "./apply.ts";
import { unreadOf } from "./state.ts";
import type { Own, UserState } from "./state.ts";

export type Appended = { pos: Pos; put: Put; row: FeedRow; own: Own | null | undefined };

type Uncounted<R> = R extends { unread: number } ? Omit<R, "unread" | "unread_mentions"> : R;
/** A feed row before its counts are known: they follow from the state after the entry. */
export type NewEntry = Uncounted<FeedRow>;

export function append(user: UserState, entry: NewEntry): Appended {
  const pos = ++user.head;
  applyEntry(user, pos, entry as FeedRow);
  if (entry.kind === "account") return finish(user, pos, entry, undefined);
  const own = user.channels.get(entry.channel);
  if (entry.kind === "channel" || entry.kind === "channel_left")
    return finish(user, pos, entry, own);
  const unread = own ? unreadOf(own) : 0;
  const unread_mentions = own ? own.mentions.length : 0;
  return finish(user, pos, { ...entry, unread, unread_mentions }, own);
}

function finish(user: UserState, pos: Pos, row: FeedRow, own: Appended["own"]): Appended {
  return { pos, row, own, put: { table: "feed", key: [user.id, pos], row } };
}

/** The entry of a new message: by far the most common, so its JSON is put together by hand. */
export function appendMessage(
  user: UserState,
  own: Own,
  channel: string,
  seq: Seq,
  skip: boolean,
  mention: boolean,
): Appended {
  const entry: NewEntry = { kind: "message", channel: channel as never, seq };
  if (skip) entry.skip = true;
  if (mention) entry.mention = true;
  const appended = append(user, entry);
  const { unread, unread_mentions } = appended.row as Extract<FeedRow, { kind: "message" }>;
  const flags = `${skip ? ',"skip":true' : ""}${mention ? ',"mention":true' : ""}`;
  appended.put.json = `{"kind":"message","channel":"${channel}","seq":${seq}${flags},"unread":${unread},"unread_mentions":${unread_mentions}}`;
  appended.own = own;
  return appended;
}
