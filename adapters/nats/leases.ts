/**
 * Leases as keys that run out: taken and renewed only at the revision that was last seen, so that of two nodes one gets it.
 * A lease never fences; the log does. Rule S17.
 */
import type { Discovery } from "@damso/core/ports/discovery";
import type { Signal } from "@damso/core/ports/signal";
import { soonestOf } from "./answers.ts";
import { isDeleted, put, remove } from "./bucket.ts";
import type { Bucket } from "./bucket.ts";
import { natsFailure } from "./failure.ts";
import { decodeText } from "./payload.ts";
import { unanswered } from "./silence.ts";

/** The server counts the life of a key in whole seconds, and one at least. */
const TTL_S_MIN = 1;
/** What another node has written may refuse this one before it can be seen: a moment later it can. */
const TRIES = 8;
const AGAIN_MS = 10;
const AGAIN_MS_MAX = 100;

type Leases = Bucket & {
  /** The revision of each lease that was taken here, by shard and node: renewed there without a look. */
  held: Map<string, number>;
};

export function createLeases(bucket: Bucket): Pick<Discovery, "lease" | "release"> {
  const leases: Leases = Object.assign(bucket, { held: new Map<string, number>() });
  return {
    lease: (shard, node_id, ttl_ms, signal) => lease(leases, shard, node_id, ttl_ms, signal),
    release: (shard, node_id, signal) => release(leases, shard, node_id, signal),
  };
}

const keyOf = (shard: number): string => `lease.${shard}`;
const idOf = (shard: number, node_id: string): string => `${shard} ${node_id}`;

async function lease(
  leases: Leases,
  shard: number,
  node_id: string,
  ttl_ms: number,
  signal?: Signal,
): Promise<boolean> {
  signal?.throwIfAborted();
  const known = leases.held.get(idOf(shard, node_id));
  if (known !== undefined && (await take(leases, shard, node_id, ttl_ms, known))) return true;
  for (let tries = 1; tries <= TRIES; tries++) {
    const { holder, revision } = await look(leases, shard);
    signal?.throwIfAborted();
    if (holder !== undefined && holder !== node_id) {
      leases.held.delete(idOf(shard, node_id));
      return false;
    }
    if (await take(leases, shard, node_id, ttl_ms, revision)) return true;
    await pause(tries);
  }
  throw natsFailure("contended", `the lease of shard ${shard} changed ${TRIES} times`);
}

async function take(
  leases: Leases,
  shard: number,
  node_id: string,
  ttl_ms: number,
  expected: number,
): Promise<boolean> {
  const ttl_s = Math.max(TTL_S_MIN, Math.ceil(ttl_ms / 1000));
  const revision = await put(leases, keyOf(shard), node_id, ttl_s, expected);
  if (revision === false) return false;
  leases.held.set(idOf(shard, node_id), revision);
  return true;
}

/** A renewal of this node may be under way: then the lease is looked at again. */
async function release(
  leases: Leases,
  shard: number,
  node_id: string,
  signal?: Signal,
): Promise<void> {
  signal?.throwIfAborted();
  leases.held.delete(idOf(shard, node_id));
  for (let tries = 1; tries <= TRIES; tries++) {
    const { holder, revision } = await look(leases, shard);
    signal?.throwIfAborted();
    if (holder !== node_id || (await remove(leases, keyOf(shard), revision)) !== false) return;
    await pause(tries);
  }
  throw natsFailure("contended", `the lease of shard ${shard} changed ${TRIES} times`);
}

function pause(tries: number): Promise<void> {
  return Bun.sleep(Math.min(AGAIN_MS * 2 ** (tries - 1), AGAIN_MS_MAX));
}

/** As the leader knows it: a replica that lags would show a lease that is gone, or none where there is one. */
async function look(
  { connection, jsm, stream, subject }: Leases,
  shard: number,
): Promise<{ holder: string | undefined; revision: number }> {
  const last_by_subj = `${subject}${keyOf(shard)}`;
  const found = soonestOf(connection, () => jsm.streams.getMessage(stream, { last_by_subj }));
  const message = await found.catch((error: unknown) => {
    throw unanswered(connection, last_by_subj, error);
  });
  if (!message) return { holder: undefined, revision: 0 };
  const isGone = isDeleted({ headers: message.header, data: message.data });
  return { holder: isGone ? undefined : decodeText(message.data), revision: message.seq };
}
