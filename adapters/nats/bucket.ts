/** The keys of one bucket, each with a time to live: written at the revision that is expected, and read all at once. */
import type {
  JetStreamClient,
  JetStreamManager,
  JetStreamPublishOptions,
} from "@nats-io/jetstream";
import { headers } from "@nats-io/transport-node";
import type { Msg, NatsConnection } from "@nats-io/transport-node";
import type { Signal } from "@damso/core/ports/signal";
import { soonestOf } from "./answers.ts";
import { directGet } from "./direct.ts";
import { natsFailure } from "./failure.ts";
import { unanswered } from "./silence.ts";
import { isWrongLast } from "./streams.ts";

export type Bucket = {
  connection: NatsConnection;
  js: JetStreamClient;
  jsm: JetStreamManager;
  stream: string;
  /** Of the keys, with the dot behind it. */
  subject: string;
  /** The last sequence that this process has written. */
  written: number;
};

/** How long it is to be seen that a key was deleted: no longer than needed for a stale expectation to fail. */
const DELETED_TTL_S = 1;
const LAG_MS_MAX = 2000;
const AGAIN_MS = 10;

/** False when the key is not at revision `expected`; the answer is the new revision. 0: there is no such key. */
export async function put(
  bucket: Bucket,
  key: string,
  value: string,
  ttl_s: number,
  expected?: number,
  operation?: "DEL",
): Promise<number | false> {
  const { connection, js, subject } = bucket;
  const head = headers();
  if (operation) head.set("KV-Operation", operation);
  const options = {
    ttl: `${ttl_s}s`,
    headers: head,
    ...(expected !== undefined && { expect: { lastSubjectSequence: expected } }),
  };
  const seq = await soonestOf(connection, () => publish(js, `${subject}${key}`, value, options))
    // Whether it is there nobody knows: at the same revision it may be written again.
    .catch((error: unknown) => {
      throw unanswered(connection, `${subject}${key}`, error);
    });
  if (seq !== false) bucket.written = Math.max(bucket.written, seq);
  return seq;
}

async function publish(
  js: JetStreamClient,
  subject: string,
  value: string,
  options: Partial<JetStreamPublishOptions>,
): Promise<number | false> {
  try {
    return (await js.publish(subject, value, options)).seq;
  } catch (error) {
    if (isWrongLast(error)) return false;
    throw error;
  }
}

/** A deletion is a value that runs out soon. */
export function remove(bucket: Bucket, key: string, expected?: number): Promise<number | false> {
  return put(bucket, key, "", DELETED_TTL_S, expected, "DEL");
}

export function isDeleted(message: { headers?: Msg["headers"]; data: Uint8Array }): boolean {
  return message.data.length === 0 || message.headers?.has("KV-Operation") === true;
}

/**
 * What is there of a pattern, at least as new as what this process has written itself: a replica that lags is asked again,
 * and the next request finds another one or the same a little later.
 */
export async function readAll(bucket: Bucket, pattern: string, signal?: Signal): Promise<Msg[]> {
  signal?.throwIfAborted();
  const { connection, stream, subject, written } = bucket;
  const end = performance.now() + LAG_MS_MAX;
  for (;;) {
    const query = { multi_last: [`${subject}${pattern}`] };
    const { messages, upto } = await directGet(connection, stream, query);
    const isNew = upto === undefined ? await hasNone(bucket, pattern) : upto >= written;
    if (isNew) return messages.filter((message) => !isDeleted(message));
    if (performance.now() > end)
      throw natsFailure("behind", `${stream} is behind ${written} for ${LAG_MS_MAX} ms`);
    await Bun.sleep(AGAIN_MS);
    signal?.throwIfAborted();
  }
}

/** A replica that found nothing does not say how far it is: so the leader counts. */
async function hasNone(
  { connection, jsm, stream, subject }: Bucket,
  pattern: string,
): Promise<boolean> {
  const subjects_filter = `${subject}${pattern}`;
  const info = soonestOf(connection, () => jsm.streams.info(stream, { subjects_filter }));
  const { state } = await info.catch((error: unknown) => {
    throw unanswered(connection, stream, error);
  });
  return Object.keys(state.subjects ?? {}).length === 0;
}
