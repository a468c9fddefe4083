import type { Kind } from "./catalog.ts";
import { KINDS } from "./catalog.ts";

/**
 * The servers that a test file needs, told by its name: `log.nats.test.ts` needs NATS,
 * `store.nats.cassandra.test.ts` both, `failover.cluster.test.ts` all that there are.
 */
export function needsOf(path: string): readonly Kind[] {
  const words = (path.split("/").at(-1) ?? "").split(".").slice(1);
  return words.includes("cluster") ? KINDS : KINDS.filter((kind) => words.includes(kind));
}
