/** A call to an engine of the cluster: over the network there and back, and given up after a while. */
import type { Host } from "../kernel/host.ts";
import type { Signal } from "@damso/core/ports/signal";
import type { World } from "../world.ts";
import { placeOf } from "./network.ts";

/** What a call of an engine needs of the world. */
export type EngineWorld = Pick<World, "scheduler" | "network" | "random" | "tally">;

export type CallFaults = { lost: number; late: number; unanswered: number };

export type CallOptions = {
  faults: () => CallFaults;
  late?: boolean;
  /** Aborted: the call is not made. */
  signal?: Signal | undefined;
};

const TIMEOUT_MS = 1500;

/**
 * Runs `run` at the engine and answers with what it gives. Rejects with `timed out` when no answer came: then it may have
 * run, and where `late` says so it may still run long after.
 */
export function callEngine<T>(
  world: EngineWorld,
  host: Host,
  engine: string,
  label: string,
  run: () => T,
  { faults, late, signal }: CallOptions,
): Promise<T> {
  const { scheduler, network, random, tally } = world;
  const place = placeOf(host);
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const inTime = scheduler.after(TIMEOUT_MS, `${label} times out`, host, () =>
      reject(new Error(`${label} timed out`)),
    );
    if (network.isCut(place, engine)) return tally.fault("call of an engine cut off");
    const now = faults();
    if (now.lost > 0 && random.chance(now.lost)) return tally.fault(`${label} lost`);
    const isLate = late === true && now.late > 0 && random.chance(now.late);
    if (isLate) tally.fault(`${label} late`);
    const isSlow = late !== true && now.late > 0 && random.chance(now.late);
    if (isSlow) tally.fault(`${label} slow`);
    const way = network.latency(place, engine) + (isLate ? random.int(100, 6000) : 0);
    const back_ms = isSlow ? random.int(20, 1000) : 0;
    // It is on its way, whatever happens to who sent it.
    scheduler.after(way, label, undefined, () => {
      let answer: T;
      try {
        answer = run();
      } catch (error) {
        scheduler.after(network.latency(engine, place), `${label} refused`, host, () => {
          inTime();
          reject(error);
        });
        return;
      }
      if (network.isCut(engine, place)) return tally.fault("answer of an engine cut off");
      if (now.unanswered > 0 && random.chance(now.unanswered))
        return tally.fault(`${label} unanswered`);
      scheduler.after(network.latency(engine, place) + back_ms, `${label} answered`, host, () => {
        inTime();
        resolve(answer);
      });
    });
  });
}
