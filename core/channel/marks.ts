/** Read and delivered watermarks of members: coalesced, max-merged, lazily stored. Rules R5, R6. */
import type { ChannelId, Seq, UserId } from "@damso/protocol/ids";
import type { MarksRow } from "../tables.ts";

export type Mark = { read: Seq; delivered: Seq };

export type Marks = {
  byUser: Map<UserId, Mark>;
  /** Members whose marks moved since they were last told. */
  moved: Set<UserId>;
  told_ms: number;
  /** Since when the row is older than this; 0: it is not. */
  dirty_since: number;
};

const NONE: Mark = { read: 0, delivered: 0 };

export function newMarks(): Marks {
  return { byUser: new Map(), moved: new Set(), told_ms: 0, dirty_since: 0 };
}

export function marksFromRow(row: MarksRow | undefined): Marks {
  const byUser = new Map<UserId, Mark>();
  for (const [user_id, read, delivered] of row?.marks ?? [])
    byUser.set(user_id, { read, delivered });
  return { byUser, moved: new Set(), told_ms: 0, dirty_since: 0 };
}

export function marksToRow(marks: Marks): MarksRow {
  return {
    marks: [...marks.byUser].map(([user_id, { read, delivered }]) => [user_id, read, delivered]),
  };
}

export function markOf(marks: Marks, user_id: UserId): Mark {
  return marks.byUser.get(user_id) ?? NONE;
}

/** True when a watermark moved. What was read was delivered. */
export function moveMark(
  marks: Marks,
  user_id: UserId,
  to: Partial<Mark>,
  head: Seq,
  now: number,
): boolean {
  const was = markOf(marks, user_id);
  const read = Math.max(was.read, Math.min(to.read ?? 0, head));
  const delivered = Math.max(was.delivered, Math.min(to.delivered ?? 0, head), read);
  if (read === was.read && delivered === was.delivered) return false;
  marks.byUser.set(user_id, { read, delivered });
  marks.moved.add(user_id);
  if (marks.dirty_since === 0) marks.dirty_since = now;
  return true;
}

/** The receipt frames that are due, for the devices that have the channel open. */
export function takeReceipts(marks: Marks, channel: ChannelId): { from: UserId; frame: string }[] {
  const frames = [...marks.moved].map((user_id) => {
    const { read, delivered } = markOf(marks, user_id);
    return {
      from: user_id,
      frame: JSON.stringify({ type: "receipt", channel, user_id, read, delivered }),
    };
  });
  marks.moved.clear();
  return frames;
}
