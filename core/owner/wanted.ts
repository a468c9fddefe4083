/**
 * Which shards this node should own, from who is alive. A node's record outlives it by seconds, so a shard that stays
 * free although its node is listed tells that the node is gone: for a while the others do without it. Rule S18.
 */
import type { NodeRecord } from "../ports/discovery.ts";
import { rendezvous } from "./rendezvous.ts";

export type Wanted = {
  /** What discovery says now; `owners` are the leases in force. */
  survey(records: readonly NodeRecord[], owners: ReadonlyMap<number, string>, now: number): void;
  has(shard: number): boolean;
  /** From now on nothing is wanted. */
  none(): void;
};

const FREE_MS_MAX = 1000;
/** Longer than the record of a dead node is listed: whoever is listed after that is alive. */
const SUSPECT_MS = 12_000;

export function createWanted(node_id: string, shards: number): Wanted {
  let wanted = new Set<number>();
  let drained = false;
  const freeSince = new Map<number, number>();
  const suspects = new Map<string, number>();

  function candidates(records: readonly NodeRecord[], now: number): Set<string> {
    const live = records.filter(({ roles, draining }) => roles.includes("shard") && !draining);
    const nodes = live.map((record) => record.node_id);
    return new Set([...nodes, node_id].filter((node) => (suspects.get(node) ?? 0) <= now));
  }

  /** Notes how long shards are free, and whom that speaks against. */
  function suspect(
    nodes: ReadonlySet<string>,
    owners: ReadonlyMap<number, string>,
    now: number,
  ): void {
    const holders = new Set(owners.values());
    for (const holder of holders) suspects.delete(holder);
    for (let shard = 0; shard < shards; shard++) {
      if (owners.has(shard)) freeSince.delete(shard);
      else if (!freeSince.has(shard)) freeSince.set(shard, now);
      const free_ms = now - (freeSince.get(shard) ?? now);
      const node = rendezvous(shard, nodes);
      if (free_ms < FREE_MS_MAX || node === undefined || node === node_id) continue;
      if (!holders.has(node)) suspects.set(node, now + SUSPECT_MS);
    }
  }

  return {
    survey(records, owners, now) {
      if (drained) return;
      suspect(candidates(records, now), owners, now);
      const nodes = candidates(records, now);
      wanted = new Set();
      for (let shard = 0; shard < shards; shard++)
        if (rendezvous(shard, nodes) === node_id) wanted.add(shard);
    },
    has: (shard) => wanted.has(shard),
    none() {
      drained = true;
      wanted = new Set();
    },
  };
}
