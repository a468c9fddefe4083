/**
 * Requests on a connection that may break: the answer to what was sent on it will not come any more, and what is sent
 * before it is back is dropped by the client. Without this each waits for the end of its time, a second or more, although
 * another server takes the connection within milliseconds.
 */
import { errors } from "@nats-io/transport-node";
import type { NatsConnection } from "@nats-io/transport-node";

type Way = {
  /** There while the connection is away; resolves when it is back. */
  back: PromiseWithResolvers<void> | undefined;
  /** Told when it breaks: those whose answers are out. */
  asked: Set<(error: Error) => void>;
};

const ways = new WeakMap<NatsConnection, Way>();
const BACK_MS_MAX = 1000;

/** Runs for as long as the connection is open. */
export async function watchAnswers(connection: NatsConnection): Promise<void> {
  const way: Way = { back: undefined, asked: new Set() };
  ways.set(connection, way);
  for await (const { type } of connection.status()) {
    if (type === "disconnect") leave(way);
    if (type === "reconnect") enter(way);
  }
  enter(way);
}

function leave(way: Way): void {
  way.back ??= Promise.withResolvers<void>();
  const error = new errors.RequestError("the connection broke");
  for (const reject of way.asked) reject(error);
}

function enter(way: Way): void {
  way.back?.resolve();
  way.back = undefined;
}

/** What `ask` answers; rejects at once when the connection breaks meanwhile. Asked while it is away, it waits for a second. */
export async function answerOf<T>(connection: NatsConnection, ask: () => Promise<T>): Promise<T> {
  const way = ways.get(connection);
  if (!way) return await ask();
  if (way.back) await inTime(way.back.promise);
  const { promise, reject } = Promise.withResolvers<never>();
  way.asked.add(reject);
  try {
    return await Promise.race([ask(), promise]);
  } finally {
    way.asked.delete(reject);
  }
}

const AGAIN_MS = 250;

/**
 * For what may be asked more than once: asked again every moment that brings no answer, since a server that leaves drops
 * what it was asked, one that stands still keeps it, and the others answer when they know who leads. The first answer
 * counts; it ends when the first request does.
 */
export async function soonestOf<T>(connection: NatsConnection, ask: () => Promise<T>): Promise<T> {
  const again = Promise.withResolvers<T>();
  const timer = setInterval(() => {
    // What goes wrong with it goes wrong with the first one too.
    if (!ways.get(connection)?.back) void answerOf(connection, ask).then(again.resolve, () => {});
  }, AGAIN_MS);
  try {
    return await Promise.race([answerOf(connection, ask), again.promise]);
  } finally {
    clearInterval(timer);
  }
}

async function inTime(back: Promise<void>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new errors.RequestError("no server takes the connection"));
  }, BACK_MS_MAX);
  await Promise.race([back, late.promise]).finally(() => clearTimeout(timer));
}
