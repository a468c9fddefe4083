/** All channels and users in one shard of this process. */
import { createShard } from "@damso/core/shard/shard";
import { every } from "../timers.ts";
import type { OneShard } from "../wire.ts";
import type { Engine, EngineDeps } from "./engine.ts";
import { shardDeps } from "./deps.ts";

const TICK_MS = 500;
/** Pushes are late by this at most. */
export const PUSH_TICK_MS = 50;

export async function openOne(deps: EngineDeps, { store, serve }: OneShard): Promise<Engine> {
  const shard = await createShard({ ...shardDeps(deps, 0), store });
  serve(shard);
  const stopTicking = every(TICK_MS, () => void shard.tick());
  const stopPushing = every(PUSH_TICK_MS, () => shard.pushDue());
  return {
    failure: () => shard.failure(),
    sizes: () => shard.sizes(),
    async stop() {
      stopTicking();
      stopPushing();
      await shard.stop();
    },
  };
}
