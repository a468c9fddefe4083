/** Presence at the home: who is told when it changes, and what someone who asks may see. Rules R1 to R4. */
import type { Presence } from "@damso/protocol/frames/server";
import type { UserId } from "@damso/protocol/ids";
import { dropSilent, isOnline, isQuiet, newHome } from "../presence/home.ts";
import type { Home } from "../presence/home.ts";
import { presenceFor } from "../presence/privacy.ts";
import { done, refuse } from "../result.ts";
import type { Result } from "../result.ts";
import type { Put } from "../tables.ts";
import { cover } from "../user/cover.ts";
import type { CommandOf } from "./commands.ts";
import type { Shard } from "./context.ts";
import { inHome, loaded } from "./homes.ts";
import { gatewaysTick, heard } from "./gateways.ts";
import { dropWatchers, lastActive, tellWatchers } from "./watchers.ts";

export function homeFor(shard: Shard, user_id: UserId): Home {
  let home = shard.memory.homes.get(user_id);
  if (!home) shard.memory.homes.set(user_id, (home = newHome()));
  return home;
}

/** Tells the watchers when the state changed. Called after whatever may change it; cheap when it did not. */
export function refreshPresence(shard: Shard, user_id: UserId, home: Home): void {
  const online = isOnline(home, shard.clock.now());
  if (online === home.online) return;
  home.online = online;
  if (home.watchers.size === 0) return;
  const user = shard.memory.users.get(user_id);
  if (user) return tellWatchers(shard, user, home, false);
  // Not in memory, as after a failure of the store: who may see it has to be read first.
  inHome(shard, user_id, [], (found) => found && tellWatchers(shard, found, home, false)).catch(
    (error: unknown) => shard.observe.warned("presence", error),
  );
}

export async function presence(
  shard: Shard,
  command: CommandOf<"presence">,
): Promise<Result<Presence>> {
  const user = await loaded(shard, command.user_id);
  if (!user) return refuse("not_found", "no such user");
  const home = shard.memory.homes.get(command.user_id);
  return done(
    presenceFor(user.profile, command.viewer, home?.online === true, lastActive(user, home)),
  );
}

export async function watch(shard: Shard, command: CommandOf<"watch">): Promise<Result<Presence>> {
  const { user_id, gateway, watcher, on } = command;
  const user = await loaded(shard, user_id);
  if (!user) return refuse("not_found", "no such user");
  const home = homeFor(shard, user_id);
  if (on) heard(shard, gateway);
  const gateways = home.watchers.get(watcher) ?? new Set();
  if (on) home.watchers.set(watcher, gateways.add(gateway));
  else if (gateways.delete(gateway) && gateways.size === 0) home.watchers.delete(watcher);
  return done(presenceFor(user.profile, watcher, home.online, lastActive(user, home)));
}

/** Homes looked at in one tick at least; of more than four times as many a quarter, so that no tick is long. */
const SLICE_MIN = 1000;
/** How much activity a crash may forget. */
const STORED_WITHIN_MS = 60_000;

/**
 * Heartbeats that stopped and graces that ended; quiet homes leave memory. Answers rows of last activity to store:
 * none while the store cannot be written to.
 */
export function presenceTick(shard: Shard, now: number): Put[] {
  const puts: Put[] = [];
  const { homes } = shard.memory;
  gatewaysTick(shard);
  let left = Math.max(SLICE_MIN, Math.ceil(homes.size / 4));
  const walk = (shard.homes_at ??= homes.entries());
  for (; left > 0; left--) {
    const { done, value } = walk.next();
    if (done) {
      shard.homes_at = undefined;
      shard.forgetting = Math.max(0, shard.forgetting - 1);
      return puts;
    }
    const [user_id, home] = value;
    dropSilent(home, now);
    if (shard.forgetting > 0) dropWatchers(home, shard.gateways);
    refreshPresence(shard, user_id, home);
    const quiet = isQuiet(home, now);
    putActivity(shard, user_id, home, now, quiet ? 0 : STORED_WITHIN_MS, puts);
    if (quiet) homes.delete(user_id);
  }
  return puts;
}

/** The last activity of everybody, for a shard that stops. */
export function activityRows(shard: Shard, now: number): Put[] {
  const puts: Put[] = [];
  for (const [user_id, home] of shard.memory.homes) putActivity(shard, user_id, home, now, 0, puts);
  return puts;
}

function putActivity(
  shard: Shard,
  user_id: UserId,
  home: Home,
  now: number,
  newer_by_ms: number,
  puts: Put[],
): void {
  const user = shard.memory.users.get(user_id);
  if (!user || shard.failure || home.last_active_ms <= user.last_active_ms + newer_by_ms) return;
  user.last_active_ms = home.last_active_ms;
  for (const put of cover(user, now, shard.feed_kept)) puts.push(put);
}
