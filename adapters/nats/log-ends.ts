/** How far the log of a shard goes, asked without making one. */
import { JetStreamApiError } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import type { Ends } from "./log.ts";
import { logName } from "./log.ts";
import { unanswered } from "./silence.ts";
import { managerOf } from "./streams.ts";

const NOT_FOUND = 10059;

export type LogPlace = {
  connection: NatsConnection;
  prefix: string;
  epoch: number;
  shard: number;
};

/** Undefined when there is no such stream. */
export async function findLogEnds({ connection, ...place }: LogPlace): Promise<Ends | undefined> {
  const name = logName(place);
  const jsm = await managerOf(connection);
  try {
    const { state } = await jsm.streams.info(name);
    const { messages, first_seq, last_seq } = state;
    return { first: messages === 0 ? last_seq + 1 : first_seq, last: last_seq };
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === NOT_FOUND) return undefined;
    throw unanswered(connection, `the ends of ${name}`, error);
  }
}
