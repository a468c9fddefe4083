/** All channels and users in one shard of this process. */
import { createShard } from "@damso/core/shard/shard";
import { every, systemClock } from "../timers.ts";
import type { OneShard } from "../wire.ts";
import type { Engine, EngineDeps } from "./engine.ts";
import { observerOf } from "./observer.ts";

const TICK_MS = 500;

export async function openOne(deps: EngineDeps, { store, serve }: OneShard): Promise<Engine> {
  const { accounts, bus, push } = deps.wiring;
  const shard = await createShard({
    shard: 0,
    store,
    directory: accounts.directory,
    bus,
    push,
    clock: systemClock,
    soon: (run) => void setImmediate(run),
    observe: observerOf(deps, 0),
  });
  serve(shard);
  const stopTicking = every(TICK_MS, () => void shard.tick());
  return {
    failure: () => shard.failure(),
    sizes: () => shard.sizes(),
    async stop() {
      stopTicking();
      await shard.stop();
    },
  };
}
