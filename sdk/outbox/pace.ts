/**
 * How many sends of all channels may be unanswered. A server that says `rate_limited` counts per device: channels that
 * each tried again on their own would only be refused more, and be shown the door for it.
 */
import { LIMITS } from "@damso/protocol/limits";

export type Pace = {
  /** One more may go, now that so many are unanswered. */
  allows: (flying: number) => boolean;
  /** One was answered: as in TCP's congestion avoidance, one more with every full round of answers. */
  answered: () => void;
  /** Too many: from now on one after the other. */
  slow: () => void;
};

/** `window`: unanswered sends of one channel, which are always allowed to one of them. */
export function pace(window: number): Pace {
  const widest = Math.max(window, LIMITS.sends_burst);
  let most = widest;
  return {
    allows: (flying) => flying < Math.floor(most),
    answered: () => {
      most = Math.min(widest, most + 1 / most);
    },
    slow: () => {
      most = 1;
    },
  };
}
