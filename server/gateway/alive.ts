/**
 * Says to every shard, twice a minute, that this gateway lives: also to one in which none of its users has his home, for the
 * watches that it has there. Rule R10.
 */
import { request } from "./ask.ts";
import { ALIVE_MS } from "./bounds.ts";
import type { Hub } from "./types.ts";

/** Not yet answered, and nobody knows what was missed meanwhile: like no number. */
const UNSURE = Number.NaN;

/** To so many shards that each has its turn in time. `ms`: since the last call. */
export function sayAlive(hub: Hub, ms: number): void {
  const { alive, moved } = hub;
  const share = Math.ceil((moved.shards * ms) / ALIVE_MS);
  for (let n = 0; n < share; n++) {
    alive.next = (alive.next + 1) % moved.shards;
    void say(hub, alive.next);
  }
}

async function say(hub: Hub, shard: number): Promise<void> {
  const { since } = hub.alive;
  const result = await request<"alive">(hub, { kind: "alive", shard, gateway: hub.gateway_id });
  if (!result.ok) {
    if (!since.has(shard)) since.set(shard, UNSURE);
    return;
  }
  const before = since.get(shard);
  since.set(shard, result.value.since);
  // Without an earlier word all that is watched there was placed just now.
  if (before !== undefined && before !== result.value.since) hub.moved.now.add(shard);
}
