/** Tells moved watermarks to the devices that have the channel open: at once, then once per second. Rule R5. */
import type { ChannelId } from "@damso/protocol/ids";
import { marksToRow, takeReceipts } from "../channel/marks.ts";
import type { Marks } from "../channel/marks.ts";
import type { Put } from "../tables.ts";
import type { Shard } from "./context.ts";

const RECEIPT_INTERVAL_MS = 1000;
/** How long a moved watermark may be only in memory: what a crash forgets. */
const STORED_WITHIN_MS = 30_000;

export function tellReceipts(shard: Shard, channel: ChannelId, marks: Marks, now: number): void {
  // A clock that was put back must not keep receipts until it has caught up.
  const since = Math.abs(now - marks.told_ms);
  if (marks.moved.size === 0 || since < RECEIPT_INTERVAL_MS) return;
  marks.told_ms = now;
  for (const frame of takeReceipts(marks, channel)) shard.bus.publish(`channel.${channel}`, frame);
}

/** Tells what is due, and gives the rows of marks that have waited long enough, or of all when the shard stops. */
export function receiptsTick(shard: Shard, now: number, all: boolean): Put[] {
  const puts: Put[] = [];
  for (const [channel, marks] of shard.memory.moved) {
    if (marks.moved.size > 0) tellReceipts(shard, channel, marks, now);
    if (!all && Math.abs(now - marks.dirty_since) < STORED_WITHIN_MS) continue;
    marks.dirty_since = 0;
    puts.push({ table: "marks", key: [channel], row: marksToRow(marks) });
    if (marks.moved.size === 0) shard.memory.moved.delete(channel);
  }
  return puts;
}
