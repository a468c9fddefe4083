/**
 * What one feed entry does to the home's state. The same function runs when an entry is decided and when it is
 * replayed from the store at load, so that both give the same state. Invariant I13.
 */
import type { Pos } from "@damso/protocol/ids";
import type { FeedRow, OwnSettings } from "../tables.ts";
import { newOwn, noteHidden, noteMessage, noteRead, noteUpdate } from "./state.ts";
import type { Own, UserState } from "./state.ts";

export function applyEntry(user: UserState, pos: Pos, row: FeedRow): void {
  if (row.kind === "account") return;
  user.dirty.add(row.channel);
  if (row.kind === "channel") {
    if (row.joined) user.channels.set(row.channel, newOwn(row.joined, pos));
    return;
  }
  if (row.kind === "channel_left") {
    user.channels.set(row.channel, null);
    return;
  }
  const own = user.channels.get(row.channel);
  // An entry of a channel whose row already covers it, or that was left: the position counts, nothing else.
  if (!own || own.pos > pos) return;
  applyOwn(own, pos, row);
}

type OwnRow = Exclude<FeedRow, { kind: "account" | "channel" | "channel_left" }>;

function applyOwn(own: Own, pos: Pos, row: OwnRow): void {
  switch (row.kind) {
    case "message":
      return noteMessage(
        own,
        row.seq,
        { skip: row.skip === true, mention: row.mention === true },
        pos,
      );
    case "message_updated":
      return noteUpdate(own, row.seq, { skip: row.skip === true, mention: row.mention === true });
    case "message_hidden":
      return noteHidden(own, row.seq, row.skip === true);
    case "read":
      return noteRead(own, row.seq, row.rest);
    case "channel_settings":
      return applySettings(own, row.set, row.rest);
  }
}

function applySettings(own: Own, set: OwnSettings, rest: number | undefined): void {
  if (set.muted_until !== undefined) own.muted_until = set.muted_until ?? undefined;
  if (set.pinned !== undefined) own.pinned = set.pinned ?? false;
  if (set.draft !== undefined)
    own.draft = set.draft === null || set.draft === "" ? undefined : set.draft;
  if (set.cleared_to !== undefined) {
    own.cleared_to = set.cleared_to ?? 0;
    noteRead(own, own.cleared_to, rest);
  }
  if (set.push_level !== undefined) own.push_level = set.push_level ?? undefined;
  // After `cleared_to`, whose read would take a mark away that is set in the same command.
  if (set.unread_mark !== undefined) own.unread_mark = set.unread_mark ?? false;
}
