/**
 * The log of a shard as a stream of JetStream: one stream per shard and epoch, whose sequences are those of the log. The
 * fence is the server's check of the expected last sequence, which the leader of the stream makes. Rules S13, S15.
 */
import { jetstream } from "@nats-io/jetstream";
import type { JetStreamClient, JetStreamManager, StreamState } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { Appended, Log, LogRecord } from "@damso/core/ports/log";
import type { Signal } from "@damso/core/ports/signal";
import { answerOf, soonestOf } from "./answers.ts";
import { natsFailure } from "./failure.ts";
import { encodeText, payloadBytesMax } from "./payload.ts";
import { readRecords } from "./read.ts";
import { unanswered } from "./silence.ts";
import { appendMsMax, ensureStream, isWrongLast, managerOf } from "./streams.ts";
import type { Replicas, WantedStream } from "./streams.ts";

export type NatsLogOptions = {
  connection: NatsConnection;
  /** What the streams of this cluster begin with: letters, digits and `_`. */
  prefix: string;
  epoch: number;
  shard: number;
  replicas: Replicas;
};

export type Ends = { first: number; last: number };

export type Stream = {
  connection: NatsConnection;
  js: JetStreamClient;
  jsm: JetStreamManager;
  /** Of the stream, and of the one subject in it. */
  name: string;
  /** The highest sequence that this process knows to be there. */
  seen: number;
};

/**
 * Makes the stream when it is missing. Rejects with a `NatsFailure`: `other_stream`, or `unanswered`, after which it may
 * be tried again.
 */
export async function openNatsLog(options: NatsLogOptions, signal?: Signal): Promise<Log> {
  signal?.throwIfAborted();
  const { connection, replicas } = options;
  const name = logName(options);
  await ensureStream(connection, configOf(name, replicas));
  const jsm = await managerOf(connection);
  const js = jetstream(connection);
  const stream: Stream = { connection, js, jsm, name, seen: 0 };
  return {
    append: (text, expected_last, signal) => append(stream, text, expected_last, signal),
    ends: (signal) => readEnds(stream, signal),
    read: (from, limit, signal) => read(stream, from, limit, signal),
    purge: (upto, signal) => purge(stream, upto, signal),
  };
}

export function logName({
  prefix,
  epoch,
  shard,
}: Pick<NatsLogOptions, "prefix" | "epoch" | "shard">): string {
  return `${prefix}_log_${epoch}_${shard}`;
}

/** Nothing but a purge removes a record: no limit, no age, no deletion of single ones, and no header in a message. */
function configOf(name: string, num_replicas: Replicas): WantedStream {
  return {
    name,
    subjects: [name],
    storage: "file",
    retention: "limits",
    discard: "new",
    num_replicas,
    max_msgs: -1,
    max_bytes: -1,
    max_msgs_per_subject: -1,
    max_msg_size: -1,
    max_age: 0,
    allow_direct: true,
    allow_rollup_hdrs: false,
    allow_msg_ttl: false,
    deny_delete: true,
    deny_purge: false,
  };
}

/**
 * Everything but an acknowledgement and "wrong last sequence" says nothing of whether it was stored: a request that timed
 * out may still be on its way, and "no responders" may be the answer to a copy of it. Rule S13. What is too large for a
 * message has not left.
 */
async function append(
  stream: Stream,
  text: string,
  expected_last: number,
  signal?: Signal,
): Promise<Appended> {
  signal?.throwIfAborted();
  const { connection, js, name } = stream;
  const payload = encodeText(text);
  if (payload.length > payloadBytesMax(connection))
    throw natsFailure("too_large", `${name} takes no record of ${payload.length} bytes`);
  try {
    const expect = { lastSequence: expected_last, streamName: name };
    const timeout = appendMsMax(payload.length);
    const { seq } = await answerOf(connection, () =>
      js.publish(name, payload, { expect, timeout }),
    );
    stream.seen = Math.max(stream.seen, seq);
    return { ok: true, seq };
  } catch (error) {
    if (isWrongLast(error)) return { ok: false };
    throw unanswered(connection, `an append to ${name}`, error);
  }
}

/**
 * The leader answers. One that was elected a moment ago may not have applied all that its predecessor acknowledged, and
 * what it says then would look like a log that has lost its end: so what this process has seen is held against it.
 */
export async function readEnds(stream: Stream, signal?: Signal): Promise<Ends> {
  signal?.throwIfAborted();
  const { connection, jsm, name, seen } = stream;
  const info = soonestOf(connection, () => jsm.streams.info(name));
  const { state } = await info.catch((error: unknown) => {
    throw unanswered(connection, `the ends of ${name}`, error);
  });
  const ends = endsOf(state);
  if (ends.last < seen)
    throw natsFailure("behind", `${name} ends at ${ends.last} here, and ${seen} was there`);
  stream.seen = Math.max(stream.seen, ends.last);
  return ends;
}

export function endsOf({ messages, first_seq, last_seq }: StreamState): Ends {
  return { first: messages === 0 ? last_seq + 1 : first_seq, last: last_seq };
}

async function read(
  stream: Stream,
  from: number,
  limit: number,
  signal?: Signal,
): Promise<LogRecord[]> {
  signal?.throwIfAborted();
  return await readRecords(stream, from, limit, () => readEnds(stream, signal));
}

/** A purge beyond the end would move the sequence, so it goes as far as the end at most. */
async function purge(stream: Stream, upto: number, signal?: Signal): Promise<void> {
  const { connection, jsm, name } = stream;
  const { first, last } = await readEnds(stream, signal);
  const seq = Math.min(upto, last) + 1;
  if (seq <= first) return;
  signal?.throwIfAborted();
  await jsm.streams.purge(name, { seq }).catch((error: unknown) => {
    throw unanswered(connection, `a purge of ${name}`, error);
  });
}
