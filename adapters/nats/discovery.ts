/**
 * Discovery in one key-value bucket of JetStream, where every key runs out by itself: `node.<id>` holds the record of a node
 * for 10 s, `lease.<shard>` the id of its holder for as long as the lease. Rules S17, S18.
 *
 * The bucket is used as a stream, because the client's key-value calls cannot do what a lease needs: its `update` takes
 * no time to live, and a key that was updated once never runs out. `list` and `owners` are one direct read of all keys,
 * made anew each time: nothing is kept that could be old, and it costs one request and a message for each key.
 */
import { jetstream } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { Discovery, NodeRecord } from "@damso/core/ports/discovery";
import type { Signal } from "@damso/core/ports/signal";
import { put, readAll, remove } from "./bucket.ts";
import type { Bucket } from "./bucket.ts";
import { subjectOf } from "./direct.ts";
import { createLeases } from "./leases.ts";
import { decodeJson, decodeText } from "./payload.ts";
import { ensureStream, managerOf, WRITE_MS } from "./streams.ts";
import type { Replicas, WantedStream } from "./streams.ts";
import { tokenOf } from "./token.ts";

export type NatsDiscoveryOptions = {
  connection: NatsConnection;
  /** What the bucket of this cluster begins with: letters, digits and `_`. */
  prefix: string;
  replicas: Replicas;
};

const NODE_TTL_S = 10;
const REGISTER_TRIES = 12;
const REGISTER_AGAIN_MS = 250;

/** Makes the bucket when it is missing. Rejects with a `NatsFailure`: `other_stream` or `unanswered`. */
export async function openNatsDiscovery(options: NatsDiscoveryOptions): Promise<Discovery> {
  const { connection, prefix, replicas } = options;
  const name = `${prefix}_discovery`;
  await ensureStream(connection, configOf(name, replicas));
  const jsm = await managerOf(connection);
  const js = jetstream(connection, { timeout: WRITE_MS });
  const subject = `$KV.${name}.`;
  const bucket: Bucket = { connection, js, jsm, stream: `KV_${name}`, subject, written: 0 };
  return {
    async register(record, signal) {
      signal?.throwIfAborted();
      await register(bucket, nodeKey(record.node_id), JSON.stringify(record), signal);
    },
    async withdraw(node_id, signal) {
      signal?.throwIfAborted();
      await remove(bucket, nodeKey(node_id));
    },
    list: (signal) => list(bucket, signal),
    owners: (signal) => owners(bucket, signal),
    ...createLeases(bucket),
  };
}

/** As the client would make a key-value bucket, so that the tools for those can show it. */
function configOf(bucket: string, num_replicas: Replicas): WantedStream {
  return {
    name: `KV_${bucket}`,
    subjects: [`$KV.${bucket}.>`],
    storage: "file",
    retention: "limits",
    discard: "new",
    num_replicas,
    max_msgs_per_subject: 1,
    max_age: 0,
    allow_direct: true,
    allow_msg_ttl: true,
    allow_rollup_hdrs: true,
    deny_delete: true,
    deny_purge: false,
  };
}

const nodeKey = (node_id: string): string => `node.${tokenOf(node_id)}`;

/**
 * While the bucket has no leader, records run out although their nodes are alive. Whoever announces itself meanwhile keeps
 * trying, so that all are listed again as soon as there is a leader and not when each says its next word.
 */
async function register(
  bucket: Bucket,
  key: string,
  value: string,
  signal?: Signal,
): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await put(bucket, key, value, NODE_TTL_S);
      return;
    } catch (error) {
      if (tries >= REGISTER_TRIES) throw error;
    }
    await Bun.sleep(REGISTER_AGAIN_MS);
    signal?.throwIfAborted();
  }
}

async function list(bucket: Bucket, signal?: Signal): Promise<NodeRecord[]> {
  const messages = await readAll(bucket, "node.*", signal);
  return messages.map(({ data }) => decodeJson(data)).filter(isNodeRecord);
}

/** Other versions may say more; what says less is nobody one could use. */
function isNodeRecord(value: unknown): value is NodeRecord {
  const record = value as Partial<NodeRecord> | null | undefined;
  return (
    typeof record?.node_id === "string" &&
    Array.isArray(record.roles) &&
    typeof record.capacity === "number" &&
    typeof record.connections === "number"
  );
}

async function owners(bucket: Bucket, signal?: Signal): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  for (const message of await readAll(bucket, "lease.*", signal)) {
    const shard = Number(subjectOf(message).split(".").at(-1));
    if (Number.isInteger(shard)) found.set(shard, decodeText(message.data));
  }
  return found;
}
