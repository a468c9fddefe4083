/** What the entries of a feed make of a channel's own state: recomputed here, message by message. Rules D12, D13. */
import type { Pos, Seq } from "@damso/protocol/ids";
import type { ChannelId } from "@damso/protocol/ids";
import type { FeedRow, OwnSettings } from "@damso/core/tables";
import type { Own } from "./book.ts";

export function newOwn(
  channel: ChannelId,
  pos: Pos,
  joined: { seq: Seq; visible_from: Seq },
  now: number,
): Own {
  return {
    channel,
    joined_pos: pos,
    joined_seq: joined.seq,
    left_pos: Infinity,
    visible_from: joined.visible_from,
    next: Math.max(joined.seq, 1),
    head: joined.seq,
    read: joined.seq,
    counted: new Set(),
    mentions: new Set(),
    hidden: new Map(),
    clears: [],
    cleared_to: 0,
    muted_until: undefined,
    pinned: false,
    draft: undefined,
    unread_mark: false,
    push_level: undefined,
    activity: pos,
    touched: pos,
    touched_ms: now,
  };
}

type Of<K extends FeedRow["kind"]> = Extract<FeedRow, { kind: K }>;

export function takeMessage(own: Own, pos: Pos, row: Of<"message">): void {
  own.next = row.seq + 1;
  own.head = row.seq;
  own.activity = pos;
  if (row.seq <= own.read || row.skip) return;
  own.counted.add(row.seq);
  if (row.mention) own.mentions.add(row.seq);
}

export function takeUpdate(own: Own, row: Of<"message_updated">): void {
  if (row.seq <= own.read) return;
  if (row.skip) own.counted.delete(row.seq);
  if (row.mention && !row.skip && !own.hidden.has(row.seq)) own.mentions.add(row.seq);
  else own.mentions.delete(row.seq);
}

export function takeHidden(own: Own, pos: Pos, seq: Seq): void {
  if (!own.hidden.has(seq)) own.hidden.set(seq, pos);
  own.counted.delete(seq);
  own.mentions.delete(seq);
}

export function takeRead(own: Own, seq: Seq): void {
  own.unread_mark = false;
  if (seq <= own.read) return;
  own.read = seq;
  for (const set of [own.counted, own.mentions])
    for (const at of set) if (at <= seq) set.delete(at);
}

export function takeSettings(own: Own, pos: Pos, set: OwnSettings): void {
  if (set.muted_until !== undefined) own.muted_until = set.muted_until ?? undefined;
  if (set.pinned !== undefined) own.pinned = set.pinned ?? false;
  if (set.draft !== undefined) own.draft = set.draft ? set.draft : undefined;
  if (set.cleared_to !== undefined) {
    own.cleared_to = set.cleared_to ?? 0;
    own.clears.push({ pos, to: own.cleared_to });
    takeRead(own, own.cleared_to);
  }
  if (set.push_level !== undefined) own.push_level = set.push_level ?? undefined;
  if (set.unread_mark !== undefined) own.unread_mark = set.unread_mark ?? false;
}
