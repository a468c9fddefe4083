/** How far the log of a shard goes, asked without making one. */
import type { Ends, NatsLogOptions } from "./log.ts";
import { endsOf, logName } from "./log.ts";
import { unanswered } from "./silence.ts";
import { findStream, managerOf } from "./streams.ts";

export type LogPlace = Omit<NatsLogOptions, "replicas">;

/** Undefined when there is no such stream. */
export async function findLogEnds({ connection, ...place }: LogPlace): Promise<Ends | undefined> {
  const name = logName(place);
  const jsm = await managerOf(connection);
  try {
    const found = await findStream(jsm, name);
    return found && endsOf(found.state);
  } catch (error) {
    throw unanswered(connection, `the ends of ${name}`, error);
  }
}
