/** Direct reads of a stream: many messages for one request, from whichever replica is at hand, which may lag. */
import { createInbox, errors } from "@nats-io/transport-node";
import type { Msg, NatsConnection } from "@nats-io/transport-node";
import { answerOf } from "./answers.ts";
import { isNatsFailure, natsFailure } from "./failure.ts";
import { unanswered } from "./silence.ts";
import { READ_MS } from "./streams.ts";

export type DirectQuery =
  /** In order, from this sequence or the first kept one after it. */
  | { seq: number; batch: number; max_bytes: number }
  /** The newest message of each subject that fits. The server finds 1024 at most. */
  | { multi_last: string[] };

export type DirectAnswer = {
  messages: Msg[];
  /** Of `multi_last`: the last sequence of the replica that answered; undefined when nothing fits. */
  upto: number | undefined;
};

const NO_RESULTS = 404;
const END = 204;

/** Rejects with `unanswered`. The client's own call leaves its subscription behind for seconds. */
export async function directGet(
  connection: NatsConnection,
  stream: string,
  query: DirectQuery,
): Promise<DirectAnswer> {
  try {
    return await answerOf(connection, () => ask(connection, stream, query));
  } catch (error) {
    if (isNatsFailure(error)) throw error;
    throw unanswered(connection, `a direct read of ${stream}`, error);
  }
}

function ask(
  connection: NatsConnection,
  stream: string,
  query: DirectQuery,
): Promise<DirectAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<DirectAnswer>();
  const messages: Msg[] = [];
  const fail = (why: string): void =>
    reject(natsFailure("unanswered", `a direct read of ${stream}: ${why}`));
  const inbox = createInbox();
  const subscription = connection.subscribe(inbox, {
    callback(error, message) {
      if (error) return fail(error.message);
      timer.refresh();
      const code = message.headers?.code ?? 0;
      if (code === 0) messages.push(message);
      else if (code === END) resolve({ messages, upto: numberIn(message, "Nats-UpTo-Sequence") });
      else if (code === NO_RESULTS) resolve({ messages, upto: undefined });
      else fail(`${code} ${message.headers?.description ?? ""}`);
    },
  });
  const timer = setTimeout(() => {
    reject(unanswered(connection, `a direct read of ${stream}`, new errors.TimeoutError()));
  }, READ_MS);
  connection.publish(`$JS.API.DIRECT.GET.${stream}`, JSON.stringify(query), { reply: inbox });
  return promise.finally(() => {
    clearTimeout(timer);
    subscription.unsubscribe();
  });
}

/** The place of a message in its stream. */
export function seqOf(message: Msg): number {
  return numberIn(message, "Nats-Sequence") ?? 0;
}

/** The subject that a message was stored under. */
export function subjectOf(message: Msg): string {
  return message.headers?.get("Nats-Subject") ?? "";
}

function numberIn(message: Msg, name: string): number | undefined {
  const text = message.headers?.get(name);
  return text ? Number(text) : undefined;
}
