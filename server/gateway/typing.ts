/**
 * How often a user types in a channel, over all his devices here, sockets and HTTP alike. More often than every 3 s it
 * says nothing new, and nobody types in many channels at once: what is more is answered and goes no further. Rule R7.
 */
import type { Clock } from "@damso/core/ports/clock";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { LIMITS } from "@damso/protocol/limits";
import { TYPING_CHANNELS_MAX } from "./bounds.ts";

export type TypingLimit = {
  /** True when it is to be told, and noted then. */
  take(user_id: UserId, channel: ChannelId): boolean;
  /** Forgets those who have not typed lately. */
  sweep(): void;
};

/** Clients tell it every 3 s by clocks of their own: one that is a little early is heard too. */
const INTERVAL_MS: number = LIMITS.typing_interval_ms - 500;

export function createTypingLimit(clock: Clock): TypingLimit {
  /** When each user typed in which channel, oldest first. */
  const users = new Map<UserId, Map<ChannelId, number>>();

  const drop = (user_id: UserId, typed: Map<ChannelId, number>, now: number): void => {
    for (const [channel, at] of typed) {
      // A clock that stepped back must not silence anyone for long.
      if (Math.abs(now - at) < INTERVAL_MS) break;
      typed.delete(channel);
    }
    if (typed.size === 0) users.delete(user_id);
  };

  return {
    take(user_id, channel) {
      const now = clock.now();
      const typed = users.get(user_id) ?? new Map<ChannelId, number>();
      drop(user_id, typed, now);
      if (typed.has(channel) || typed.size >= TYPING_CHANNELS_MAX) return false;
      users.set(user_id, typed.set(channel, now));
      return true;
    },
    sweep() {
      const now = clock.now();
      for (const [user_id, typed] of users) drop(user_id, typed, now);
    },
  };
}
