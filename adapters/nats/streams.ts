/** Streams of JetStream as this code needs them: made when they are missing, and looked at when they are there. */
import { jetstreamManager, JetStreamApiError } from "@nats-io/jetstream";
import type { JetStreamManager, StreamConfig, StreamInfo } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { natsFailure } from "./failure.ts";
import { unanswered } from "./silence.ts";

/**
 * How long answers of JetStream are waited for. When a leader dies, what was asked of it is never answered: the next one is
 * there after 4 to 9 s, and only a new request finds it.
 */
export const WRITE_MS = 1500;

const APPEND_MS = 350;
/** How much a slow disk on a slow network takes in a millisecond. */
const BYTES_PER_MS = 4096;

/**
 * An append is asked for again until it is known what became of it, so its time may be short. It has to be: a leader that
 * steps down in good order drops what it was asked a moment ago, and the next one is there at once.
 */
export function appendMsMax(bytes: number): number {
  return APPEND_MS + Math.ceil(bytes / BYTES_PER_MS);
}

export const READ_MS = 1000;
/** Many streams are made at once when a cluster starts. */
const ADD_MS = 2000;
const ADD_TRIES = 5;
const AGAIN_MS = 100;

export type Replicas = 1 | 3;

export type WantedStream = Partial<StreamConfig> & Pick<StreamConfig, "name">;

/** What would lose, change or hide records although nobody asked for it. */
const FORBIDDEN = ["mirror", "sources", "subject_transform", "persist_mode", "sealed"] as const;

/**
 * Several nodes may do this at once: making a stream that is there with the same settings changes nothing. Rejects with
 * `other_stream` when its settings are others, which only a person should change.
 */
export async function ensureStream(
  connection: NatsConnection,
  wanted: WantedStream,
): Promise<void> {
  const { config } = await findOrAdd(connection, wanted);
  const have = config as unknown as Record<string, unknown>;
  const differing = Object.entries(wanted)
    .filter(([name, value]) => !isSame(have[name], value))
    .map(
      ([name, value]) => `${name} is ${JSON.stringify(have[name])}, not ${JSON.stringify(value)}`,
    );
  const forbidden = FORBIDDEN.filter((name) => !isSame(have[name], false)).map(
    (name) => `${name} is ${JSON.stringify(have[name])}`,
  );
  const wrong = [...differing, ...forbidden];
  if (wrong.length > 0)
    throw natsFailure("other_stream", `the stream ${wanted.name}: ${wrong.join("; ")}`);
}

/** Of streams; nothing is asked yet. */
export function managerOf(
  connection: NatsConnection,
  timeout: number = READ_MS,
): Promise<JetStreamManager> {
  return jetstreamManager(connection, { checkAPI: false, timeout });
}

const NOT_FOUND = 10059;
/** The name is in use with another configuration; the subjects are another stream's. */
const TAKEN = new Set([10058, 10065]);

/**
 * The answer to who makes a stream may get lost, most of all when two make it at the same time: so it is looked at again,
 * and made again if it is still missing.
 */
async function findOrAdd(connection: NatsConnection, wanted: WantedStream): Promise<StreamInfo> {
  const jsm = await managerOf(connection, ADD_MS);
  for (let tries = 1; ; tries++) {
    try {
      return (await findStream(jsm, wanted.name)) ?? (await jsm.streams.add(wanted));
    } catch (error) {
      if (error instanceof JetStreamApiError && TAKEN.has(error.code))
        throw natsFailure("other_stream", `the stream ${wanted.name}: ${error.message}`, error);
      if (tries >= ADD_TRIES) throw unanswered(connection, `the stream ${wanted.name}`, error);
      await Bun.sleep(AGAIN_MS);
    }
  }
}

/** Undefined when there is no such stream. */
export async function findStream(
  jsm: JetStreamManager,
  name: string,
): Promise<StreamInfo | undefined> {
  try {
    return await jsm.streams.info(name);
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === NOT_FOUND) return undefined;
    throw error;
  }
}

/** What a server leaves out is false, 0 or the default that it is named for. */
function isSame(have: unknown, wanted: unknown): boolean {
  const empty = (value: unknown): boolean =>
    value === undefined || value === false || value === 0 || value === "" || value === "default";
  return empty(have) && empty(wanted) ? true : JSON.stringify(have) === JSON.stringify(wanted);
}

/** "Wrong last sequence": the code with the sequence in its message, and the one without. */
const WRONG_LAST = new Set([10071, 10164]);

/** The stream was not where it was expected to be, and nothing was stored. */
export function isWrongLast(error: unknown): boolean {
  return error instanceof JetStreamApiError && WRONG_LAST.has(error.code);
}
