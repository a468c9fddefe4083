/** Plain numbers that the notifier counts in; `server/metrics.ts` reads them when it is asked. */
import type { SendOutcome } from "@damso/core/ports/push";

export type PushCounters = {
  /**
   * Deliveries to devices, by what came of them. `expired`: given up after a day; `silent`: nothing that a browser would
   * show, so it was not told.
   */
  outcomes: Record<SendOutcome["outcome"] | "expired" | "silent", number>;
  /** Why deliveries were not made, by a word of the service. */
  reasons: Record<string, number>;
};

/** Words of services are theirs to choose: beyond so many they are one. */
const REASONS_MAX = 50;

export function createPushCounters(): PushCounters {
  return {
    outcomes: { sent: 0, gone: 0, later: 0, refused: 0, expired: 0, silent: 0 },
    reasons: {},
  };
}

/** Answers the word that it was counted as, which is fit for a log too. */
export function countOutcome(counters: PushCounters, outcome: SendOutcome): string {
  if (outcome.outcome === "sent") {
    counters.outcomes.sent++;
    return "";
  }
  if (outcome.why === "silent") {
    counters.outcomes.silent++;
    return outcome.why;
  }
  counters.outcomes[outcome.outcome]++;
  const { reasons } = counters;
  const known = outcome.why in reasons || Object.keys(reasons).length < REASONS_MAX;
  const why = known && /^[\w-]{1,40}$/.test(outcome.why) ? outcome.why : "other";
  reasons[why] = (reasons[why] ?? 0) + 1;
  return why;
}
