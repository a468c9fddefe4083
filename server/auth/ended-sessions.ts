/**
 * The word of sessions that ended, for all nodes: each keeps for a while which sessions are alive. A hint, as everything
 * on the bus is: who misses it asks the store before long. Rule X5, invariant I17.
 */
import type { Bus } from "@damso/core/ports/bus";
import { hearWords, tellWord } from "@damso/core/words";
import { isSnowflake } from "@damso/protocol/ids";
import type { SessionId } from "@damso/protocol/ids";

const TOPIC = "ended_sessions";
/** More than an account has devices. */
const IDS_MAX = 64;

export function tellEnded(bus: Pick<Bus, "publish">, session_ids: readonly SessionId[]): void {
  for (let at = 0; at < session_ids.length; at += IDS_MAX)
    tellWord(bus, TOPIC, session_ids.slice(at, at + IDS_MAX));
}

/** Also of those that ended at this node. The answer ends it. */
export function onEnded(
  bus: Pick<Bus, "subscribe">,
  ended: (session_ids: readonly SessionId[]) => void,
): () => void {
  return hearWords(bus, TOPIC, read, ended);
}

function read(ids: unknown): SessionId[] | undefined {
  const isWord = Array.isArray(ids) && ids.length <= IDS_MAX && ids.every(isId);
  return isWord ? (ids as SessionId[]) : undefined;
}

const isId = (id: unknown): boolean => typeof id === "string" && isSnowflake(id);
