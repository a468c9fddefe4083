/** What gateways ask of homes and owners of channels: when it was asked, and when an answer came. */
import type { ChannelId, SessionId, UserId } from "@damso/protocol/ids";

type Ask = { asked_ms: number; answered_ms: number };

/** By who asks and what for, in the order of asking. */
export type Asks = Map<string, Ask[]>;

/** A gateway tells a home that it has this session, and is told whether it may have it. */
export const ofSession = (node: string, session_id: SessionId): string => `${node}/${session_id}`;

/** A gateway asks what a channel is to a user. */
export const ofView = (node: string, user_id: UserId, channel: ChannelId): string =>
  `${node}/${user_id}/${channel}`;

/** Asked now; what comes back is called when it is answered. */
export function takeAsk(asks: Asks, keys: readonly string[], now: () => number): () => void {
  const ask: Ask = { asked_ms: now(), answered_ms: Infinity };
  for (const key of keys) {
    const known = asks.get(key);
    if (known) known.push(ask);
    else asks.set(key, [ask]);
  }
  return () => {
    ask.answered_ms = now();
  };
}

/** When the first answer came to what was asked after that; infinity: none did. */
export function answeredAfter(asks: Asks, key: string, since_ms: number): number {
  let first = Infinity;
  for (const { asked_ms, answered_ms } of asks.get(key) ?? [])
    if (asked_ms > since_ms) first = Math.min(first, answered_ms);
  return first;
}

/** When it was asked last; minus infinity: never. */
export function lastAsked(asks: Asks, key: string): number {
  return asks.get(key)?.at(-1)?.asked_ms ?? -Infinity;
}
