/**
 * Which of some nodes a shard belongs to: the one whose hash with the shard is highest. When a node comes or goes, only
 * its own shards move (Thaler and Ravishankar, 1998). Rule S18.
 */
import { fnv1a } from "./place.ts";

export function rendezvous(shard: number, nodes: Iterable<string>): string | undefined {
  let best: { node: string; score: number } | undefined;
  for (const node of nodes) {
    const score = mixed(fnv1a(`${node}/${shard}`));
    const wins = !best || score > best.score || (score === best.score && node > best.node);
    if (wins) best = { node, score };
  }
  return best?.node;
}

/** FNV hardly spreads the last characters over the high bits that scores are compared by; MurmurHash3's end does. */
function mixed(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
