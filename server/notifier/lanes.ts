/**
 * The notices of one channel for one device go one after the other, and of those that wait the newest stands for all: it
 * says how many there are, and takes their place on the screen anyway. One that is tried again stands behind what the
 * device has got meanwhile: services let the last that comes take the place of all before. Rule N5.
 */
import type { Notice, SendOutcome } from "@damso/core/ports/push";
import { putNewest } from "@damso/protocol/bounded";
import type { Timers } from "../gateway/timers.ts";

/** Between two notices of one channel. */
export const GAP_MS = 1000;
/** Lanes whose newest notice is remembered; of the others an older one may come late. */
const REMEMBERED_MAX = 20_000;

type Place = Pick<Notice, "seq" | "pos">;

/** By message, then by position: an edit, or the reading, of an earlier message may have the higher position. */
const isAfter = (one: Place, other: Place): boolean =>
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
  const newest = new Map<string, Place>();
  const attempt = async (name: string, { notice, send }: Waiting): Promise<SendOutcome> => {
    const last = newest.get(name);
    if (last && isAfter(last, notice)) return { outcome: "sent" };
    const outcome = await send(notice).catch((): SendOutcome => ({ outcome: "later", why: "bug" }));
    if (outcome.outcome === "sent") remember(newest, name, notice);
    return outcome;
  };
  const go = async (name: string, lane: Lane, waiting: Waiting): Promise<void> => {
    const { heard } = waiting;
    const outcome = await attempt(name, waiting);
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
      const next = waiting && isAfter(waiting.notice, notice) ? waiting : { notice, send };
      lane.waiting = { ...next, heard: [...(waiting?.heard ?? []), resolve] };
      return promise;
    },
    size: () => lanes.size,
  };
}

function remember(newest: Map<string, Place>, name: string, { seq, pos }: Notice): void {
  putNewest(newest, name, { seq, pos }, REMEMBERED_MAX);
}
