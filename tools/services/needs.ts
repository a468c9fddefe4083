import type { Kind } from "./catalog.ts";
import { KINDS } from "./catalog.ts";

/** What a cluster is made of. */
const CLUSTER: readonly Kind[] = KINDS.filter((kind) => kind !== "apns");

/**
 * The servers that a test file needs, told by its name: `log.nats.test.ts` needs NATS,
 * `store.nats.cassandra.test.ts` both, `failover.cluster.test.ts` all of a cluster.
 */
export function needsOf(path: string): readonly Kind[] {
  const words = (path.split("/").at(-1) ?? "").split(".").slice(1);
  return words.includes("cluster") ? CLUSTER : KINDS.filter((kind) => words.includes(kind));
}
