/** A push service in memory: what it is told, and what it answers, for tests of the notifier and the simulator. */
import { targetAddress } from "@damso/core/ports/account-records";
import type { Delivery, PushSender, SendOutcome } from "@damso/core/ports/push";

export type FakeSender = PushSender & {
  /** What was handed over, oldest first, whatever was answered. */
  readonly tried: readonly Delivery[];
  readonly sent: readonly Delivery[];
  /** Decides about the next ones; undefined: taken. Rejections are for what a sender must never do. */
  answer: ((delivery: Delivery) => Promise<SendOutcome> | SendOutcome) | undefined;
};

export function createFakeSender(): FakeSender {
  const tried: Delivery[] = [];
  const sent: Delivery[] = [];
  return {
    tried,
    sent,
    answer: undefined,
    async send(delivery) {
      tried.push(delivery);
      const outcome = (await this.answer?.(delivery)) ?? { outcome: "sent" };
      if (outcome.outcome === "sent") sent.push(delivery);
      return outcome;
    },
    serviceOf: (target) =>
      target.kind === "webpush" ? new URL(target.endpoint).host : target.kind,
    refusal: (target) =>
      targetAddress(target).includes("forbidden") ? "not a push service" : undefined,
    close: () => Promise.resolve(),
  };
}
