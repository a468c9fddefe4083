/** The push services: they take over what they are given, late, or say no. */
import type { PushSink } from "@damso/core/ports/push";
import type { Host } from "../kernel/host.ts";
import type { World } from "../world.ts";

/** The push services as one life of a server reaches them. */
export function pushSink(
  world: World,
  host: Host,
  isFormer: () => boolean = () => false,
): PushSink {
  const { scheduler, random, tally } = world;
  return {
    async push(request) {
      const taken = world.witness.pushing(request, isFormer());
      await scheduler.pause(1 + random.exponential(20), "push", host);
      if (random.chance(world.plan.push_refusals) && !world.healing) {
        tally.fault("push service refused");
        throw new Error("no push service: 503");
      }
      scheduler.overhear(host.name, "push", `${request.user_id} ${request.pos}`);
      taken();
      // Between here and the answer the server may die: then it will be pushed again.
      await scheduler.pause(random.exponential(5), "push answer", host);
    },
  };
}
