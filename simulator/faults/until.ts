/** How a fault that lasts comes to its end. */
import type { World } from "../world.ts";

/** Undoes it after a while, or when the healing begins, whichever is first. */
export function until(world: World, ms: number, undo: () => void): void {
  world.scheduler.after(ms, "fault ends", undefined, () => {
    if (!world.healing) undo();
  });
}
