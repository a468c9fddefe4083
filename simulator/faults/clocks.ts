/** Clocks that stop. */
import { startClock, stopClock } from "../kernel/host.ts";
import type { HostClock } from "../kernel/host.ts";
import type { World } from "../world.ts";
import { until } from "./until.ts";

/** The time of day stands still for a while; then it goes on from there, or is put right at once. */
export function stand(world: World, clock: HostClock, name: string): boolean {
  const { scheduler, random, tally } = world;
  if (!stopClock(scheduler, clock)) return false;
  tally.fault(name);
  const caughtUp = random.chance(0.5);
  until(world, random.int(200, 15_000), () => startClock(scheduler, clock, caughtUp));
  return true;
}
