/** The cache has a bound: of every channel the newest messages stay, older ones are fetched again when they are wanted. */
import type { ChannelRecord, MessageStep, Range, Store } from "@damso/sdk/store/port";

/** Messages kept of a channel: weeks of a busy group, years of most. */
export const KEPT_MAX = 2000;

/** Deletes what is older, and answers the channels as they are then. */
export async function evict(
  disk: Store,
  records: ChannelRecord[],
  max: number = KEPT_MAX,
): Promise<ChannelRecord[]> {
  const channels = new Map<ChannelRecord["channel"]["id"], ChannelRecord>();
  const messages: MessageStep[] = [];
  for (const record of records) {
    const { channel, ranges } = record;
    const floor = (ranges.at(-1)?.[1] ?? 0) - max + 1;
    if ((ranges[0]?.[0] ?? floor) >= floor) continue;
    messages.push({ cut: channel.id, from: 1, to: floor - 1 });
    channels.set(channel.id, { channel, ranges: above(ranges, floor) });
  }
  if (messages.length === 0) return records;
  await disk.apply({ channels, messages, outbox: new Map() });
  return records.map((record) => channels.get(record.channel.id) ?? record);
}

function above(ranges: readonly Range[], floor: number): Range[] {
  return ranges.filter(([, to]) => to >= floor).map(([from, to]) => [Math.max(from, floor), to]);
}
