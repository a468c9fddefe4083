/**
 * A user as the home holds it: the feed's head, and the own state of each channel that was touched lately.
 * Mutable, because one writer changes it in commit order; whoever reads it answers only after the commit. Rule D1.
 */
import type { ChannelId, Pos, Seq, SessionId, UserId } from "@damso/protocol/ids";
import type { Profile, PushLevel } from "../ports/directory.ts";
import type { UserChannelRow, UserRow } from "../tables.ts";
import { addSeq, hasSeq, NO_RANGES } from "./ranges.ts";
import type { Ranges } from "./ranges.ts";
import { addSkip, copySkips, dropSkips, sumSkips } from "./skips.ts";
import type { Skips } from "./skips.ts";

/** Mentions kept per channel; beyond it the count stands still, as "99+" does on a screen. */
const MENTIONS_MAX = 1000;

export type Own = {
  /** Feed position that the stored row covers. */
  pos: Pos;
  activity: Pos;
  visible_from: Seq;
  head: Seq;
  read: Seq;
  /** Own, system and deleted messages above `read`. */
  skipped: Skips;
  /** Their sum, so that unread costs nothing to compute. */
  skips: number;
  /** Messages above `read` that name this user. */
  mentions: Seq[];
  hidden: Ranges;
  cleared_to: Seq;
  muted_until: string | undefined;
  pinned: boolean;
  draft: string | undefined;
  unread_mark: boolean;
  /** In place of the account's level for such channels. */
  push_level: PushLevel | undefined;
};

export type UserState = {
  id: UserId;
  head: Pos;
  covered: Pos;
  tail: Pos;
  ages: [pos: Pos, at_ms: number][];
  /** False until the first entry: a user who only looks writes nothing. */
  stored: boolean;
  last_active_ms: number;
  /** Sessions that were ended, newest last. */
  revoked: readonly SessionId[];
  /** Loaded channels; null: known not to be a member. */
  channels: Map<ChannelId, Own | null>;
  /** All channels of this user are loaded: the lists need no store. */
  complete: boolean;
  /** Keys of `channels` that are null and were asked for lately. */
  absent: Set<ChannelId>;
  /** Channels whose rows are older than `head`. */
  dirty: Set<ChannelId>;
  profile: Profile;
  /** Which question to the directory the profile answers. */
  asked: number;
  /** The directory has not answered: see `shard/profiles.ts`. */
  assumed: boolean;
  /** What was read meanwhile in each channel, for receipts that nobody knows to be wanted. */
  owed: Map<ChannelId, Seq>;
  /** The last commit that this state takes part in; it may leave memory only after it. */
  batch: number;
};

export function newOwn(at: { seq: Seq; visible_from: Seq }, pos: Pos): Own {
  return {
    pos,
    activity: pos,
    visible_from: at.visible_from,
    head: at.seq,
    read: at.seq,
    skipped: [],
    skips: 0,
    mentions: [],
    hidden: NO_RANGES,
    cleared_to: 0,
    muted_until: undefined,
    pinned: false,
    draft: undefined,
    unread_mark: false,
    push_level: undefined,
  };
}

/** Unread = head - read - what was skipped above it: computed, never counted down. Rule D12, invariant I15. */
export function unreadOf(own: Own): number {
  return own.head - own.read - own.skips;
}

/** Takes note of a message at the end of the channel. */
export function noteMessage(
  own: Own,
  seq: Seq,
  note: { skip: boolean; mention: boolean },
  pos: Pos,
): void {
  own.head = seq;
  own.activity = pos;
  if (seq <= own.read) return;
  if (note.skip) own.skips += addSkip(own.skipped, seq, true);
  else if (note.mention && own.mentions.length < MENTIONS_MAX) own.mentions.push(seq);
}

/**
 * Takes note of a changed message: one of another that is deleted counts no more, an edit can begin or cease to name
 * the user. `skip` is for what was not skipped before it.
 */
export function noteUpdate(own: Own, seq: Seq, note: { skip: boolean; mention: boolean }): void {
  if (seq <= own.read) return;
  const hidden = hasSeq(own.hidden, seq);
  if (note.skip && !hidden) own.skips += addSkip(own.skipped, seq, true);
  const at = own.mentions.indexOf(seq);
  const named = note.mention && !note.skip && !hidden;
  if (named === at >= 0) return;
  if (!named) own.mentions.splice(at, 1);
  else if (own.mentions.length < MENTIONS_MAX)
    own.mentions = [...own.mentions, seq].sort((a, b) => a - b);
}

/** Moves the read marker forward; it never moves back. `rest`: see `dropSkips`. */
export function noteRead(own: Own, seq: Seq, rest?: number): void {
  own.unread_mark = false;
  if (seq <= own.read) return;
  own.read = seq;
  own.skips = dropSkips(own.skipped, seq, rest);
  own.mentions = own.mentions.filter((at) => at > seq);
}

/** `skip`: the message counted as unread until now, or would have. */
export function noteHidden(own: Own, seq: Seq, skip: boolean): void {
  own.hidden = addSeq(own.hidden, seq);
  if (seq <= own.read) return;
  if (skip) own.skips += addSkip(own.skipped, seq, true);
  own.mentions = own.mentions.filter((at) => at !== seq);
}

export function ownFromRow(row: UserChannelRow): Own {
  return {
    ...row,
    skips: sumSkips(row.skipped),
    muted_until: row.muted_until,
    pinned: row.pinned === true,
    draft: row.draft,
    unread_mark: row.unread_mark === true,
    push_level: row.push_level,
  };
}

export function ownToRow(own: Own, pos: Pos): UserChannelRow {
  const row: UserChannelRow = {
    pos,
    activity: own.activity,
    visible_from: own.visible_from,
    head: own.head,
    read: own.read,
    skipped: copySkips(own.skipped),
    mentions: [...own.mentions],
    hidden: own.hidden,
    cleared_to: own.cleared_to,
  };
  if (own.muted_until !== undefined) row.muted_until = own.muted_until;
  if (own.pinned) row.pinned = true;
  if (own.draft !== undefined) row.draft = own.draft;
  if (own.unread_mark) row.unread_mark = true;
  if (own.push_level !== undefined) row.push_level = own.push_level;
  return row;
}

export function userToRow(user: UserState): UserRow {
  const row: UserRow = {
    covered: user.covered,
    tail: user.tail,
    ages: user.ages,
  };
  if (user.last_active_ms > 0) row.last_active_at = user.last_active_ms;
  if (user.revoked.length > 0) row.revoked = [...user.revoked];
  return row;
}
