/** What those who watch a user's presence are told. Rules R3, R4. */
import type { Home } from "../presence/home.ts";
import { maySee, presenceFor } from "../presence/privacy.ts";
import type { UserState } from "../user/state.ts";
import type { Shard } from "./context.ts";
import type { Gateways } from "./gateways.ts";

/**
 * `all`: also those who may not see it, who are told "offline". That is for a change of who may; a change of the state
 * itself would otherwise be told by when it comes.
 */
export function tellWatchers(shard: Shard, user: UserState, home: Home, all: boolean): void {
  for (const [watcher, gateways] of home.watchers) {
    if (!all && !maySee(user.profile, watcher)) continue;
    const presence = presenceFor(user.profile, watcher, home.online, lastActive(user, home));
    const frame = JSON.stringify({ type: "presence", ...presence });
    for (const gateway of gateways)
      shard.bus.send(gateway, [{ kind: "frame", user_id: watcher, frame }]);
  }
}

/** Forgets who watches at gateways that are gone. */
export function dropWatchers({ watchers }: Home, gateways: Gateways): void {
  for (const [watcher, at] of watchers) {
    for (const gateway of at) if (!gateways.has(gateway)) at.delete(gateway);
    if (at.size === 0) watchers.delete(watcher);
  }
}

export function lastActive(user: UserState, home: Home | undefined): number {
  return Math.max(user.last_active_ms, home?.last_active_ms ?? 0);
}
