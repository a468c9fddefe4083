/**
 * The notices of one channel for one device go one after the other, and of those that wait the newest stands for all: it
 * says how many there are, and takes their place on the screen anyway. Rule N5.
 */
import type { Notice, SendOutcome } from "@damso/core/ports/push";
import type { Timers } from "../gateway/timers.ts";

/** Between two notices of one channel. */
export const GAP_MS = 1000;

/** By message, then by position: an edit, or the reading, of an earlier message may have the higher position. */
const isAfter = (one: Notice, other: Notice): boolean =>
  one.seq === other.seq ? one.pos > other.pos : one.seq > other.seq;

type Send = (notice: Notice) => Promise<SendOutcome>;
type Waiting = { notice: Notice; send: Send; heard: ((outcome: SendOutcome) => void)[] };
type Lane = { waiting: Waiting | undefined };

export type Lanes = {
  /** Never rejects: what `send` throws is an outcome as well. */
  run(lane: string, notice: Notice, send: Send): Promise<SendOutcome>;
  size(): number;
};

export function createLanes(timers: Pick<Timers, "after">): Lanes {
  const lanes = new Map<string, Lane>();
  const go = async (name: string, lane: Lane, { notice, send, heard }: Waiting): Promise<void> => {
    const outcome = await send(notice).catch((): SendOutcome => ({ outcome: "later", why: "bug" }));
    for (const hear of heard) hear(outcome);
    timers.after(GAP_MS, () => {
      const next = lane.waiting;
      lane.waiting = undefined;
      if (next) void go(name, lane, next);
      else lanes.delete(name);
    });
  };
  return {
    run(name, notice, send) {
      const { promise, resolve } = Promise.withResolvers<SendOutcome>();
      const lane = lanes.get(name);
      if (!lane) {
        const opened: Lane = { waiting: undefined };
        lanes.set(name, opened);
        void go(name, opened, { notice, send, heard: [resolve] });
        return promise;
      }
      const { waiting } = lane;
      const newest = waiting && isAfter(waiting.notice, notice) ? waiting : { notice, send };
      lane.waiting = { ...newest, heard: [...(waiting?.heard ?? []), resolve] };
      return promise;
    },
    size: () => lanes.size,
  };
}
