/** Due pushes: judged once, handed to the sink, and only then forgotten. A crash between the two sends one twice, under the same collapse key. Invariant I14. */
import type { UserState } from "../user/state.ts";
import type { Entry } from "../ports/store.ts";
import { wasSeen } from "../push/rules.ts";
import type { Put } from "../tables.ts";
import type { Shard } from "./context.ts";
import { loaded } from "./user-writes.ts";
import { submit } from "./write.ts";
import { ownChannels } from "./user-reads.ts";

const PAGE = 200;

export async function pushTick(shard: Shard, now: number): Promise<void> {
  if (now < shard.push_due_at) return;
  const due = await shard.store.range("pushes", { prefix: [shard.shard], to: now, limit: PAGE });
  if (due.length === 0) return wakeAtNext(shard);
  const puts: Put[] = [];
  for (const entry of due) {
    await judge(shard, entry);
    puts.push({ table: "pushes", key: entry.key, row: null });
  }
  await new Promise<void>((resolve) => submit(shard, puts, () => resolve()));
}

/** Nothing is due: sleeps until the first row that is stored, or until a new one wakes it. */
async function wakeAtNext(shard: Shard): Promise<void> {
  shard.push_due_at = Number.POSITIVE_INFINITY;
  const [first] = await shard.store.range("pushes", { prefix: [shard.shard], limit: 1 });
  if (first) shard.push_due_at = Math.min(shard.push_due_at, first.key[1]);
}

async function judge(shard: Shard, { key, row }: Entry<"pushes">): Promise<void> {
  const [, , user_id, pos] = key;
  const user = await loaded(shard, user_id, [row.channel]);
  if (!user?.profile.has_push) return;
  const home = shard.memory.homes.get(user_id);
  if (wasSeen(user.channels.get(row.channel), home, row.seq, pos)) return;
  const seen_by = [...(home?.acked ?? [])]
    .filter(([, acked]) => acked >= pos)
    .map(([device_id]) => device_id);
  const badge = await totalUnread(shard, user);
  await shard.push.push({
    user_id,
    pos,
    channel: row.channel,
    seq: row.seq,
    mention: row.mention === true,
    badge,
    seen_by,
  });
}

/** Unread messages of all channels, muted ones left out. */
async function totalUnread(shard: Shard, user: UserState): Promise<number> {
  let total = 0;
  let cursor: string | undefined;
  do {
    const page = await ownChannels(shard, {
      user_id: user.id,
      limit: 100,
      ...(cursor !== undefined && { cursor }),
    });
    if (!page.ok) return total;
    for (const { unread, muted_until } of page.value.channels) {
      if (muted_until === undefined || Date.parse(muted_until) <= shard.clock.now())
        total += unread;
    }
    cursor = page.value.cursor;
  } while (cursor !== undefined);
  return total;
}
