/**
 * Which gateways watch homes of this shard, and live: each says so twice a minute. What one that is silent watched is
 * forgotten, and it is told so when it speaks again. Rule R10.
 */
import type { GatewayId } from "../ports/bus.ts";
import { done, refuse } from "../result.ts";
import type { Result } from "../result.ts";
import type { CommandOf } from "./commands.ts";
import type { Shard } from "./context.ts";

/** Ticks without a word, half a second to a second each. Counted, because a clock may jump. */
export const SILENT_TICKS_MAX = 360;
/** Walks over all homes that forget what it watched: the rest of the one under way, and a whole one. */
const WALKS = 2;

export type Gateways = Map<GatewayId, { since: number; silent: number }>;

/** A word of it. `since`: from when on nothing that it watches was forgotten. */
export function heard(shard: Shard, gateway: GatewayId): { since: number } {
  const known = shard.gateways.get(gateway);
  if (known) known.silent = 0;
  const now = known ?? { since: shard.clock.now(), silent: 0 };
  if (!known) shard.gateways.set(gateway, now);
  return now;
}

export function alive(shard: Shard, command: CommandOf<"alive">): Result<{ since: number }> {
  if (command.shard !== shard.shard) return refuse("unavailable");
  const { since } = heard(shard, command.gateway);
  return done({ since });
}

export function gatewaysTick(shard: Shard): void {
  for (const [gateway, known] of shard.gateways) {
    if (++known.silent <= SILENT_TICKS_MAX) continue;
    shard.gateways.delete(gateway);
    shard.forgetting = WALKS;
  }
}
