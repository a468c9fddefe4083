/**
 * Whose presence this gateway's users look at: one watch per watched and watching user, however many sockets show it.
 * Rule R4.
 */
import type { Presence } from "@damso/protocol/frames/server";
import type { UserId } from "@damso/protocol/ids";
import { CODES } from "@damso/protocol/codes";
import { request } from "./ask.ts";
import { WATCH_LINGER_MS } from "./bounds.ts";
import { ephemeral } from "./outgoing.ts";
import type { Connection, Hub, Ready, Watch } from "./types.ts";

/** Replaces the users that a socket shows; each one's presence follows, also of those that it showed before. */
export function setWatched(hub: Hub, connection: Ready, users: readonly UserId[]): void {
  const before = connection.watched;
  const next = new Set(users);
  connection.watched = next;
  for (const user_id of next) {
    if (before?.has(user_id)) tell(hub, watchOf(hub, connection, user_id), connection, undefined);
    else hold(hub, connection, user_id, undefined);
  }
  for (const user_id of before ?? []) if (!next.has(user_id)) release(hub, connection, user_id);
}

/** One more reason for this socket to see `watched`; it is told the present state unless that is what it knows. */
export function hold(
  hub: Hub,
  connection: Ready,
  watched: UserId,
  known: Presence["state"] | undefined,
): void {
  const watch = watchOf(hub, connection, watched);
  const reasons = watch.holders.get(connection) ?? 0;
  watch.holders.set(connection, reasons + 1);
  hub.idle_watches.delete(watch);
  // What it has just been told with something else may be older than what it was told before.
  if (reasons === 0 || known !== watch.state) tell(hub, watch, connection, known);
}

export function release(hub: Hub, connection: Connection, watched: UserId): void {
  const watcher = connection.attachee?.user_id;
  const watch = watcher === undefined ? undefined : hub.watches.get(watcher)?.get(watched);
  const reasons = watch?.holders.get(connection);
  if (!watch || reasons === undefined) return;
  if (reasons > 1) {
    watch.holders.set(connection, reasons - 1);
    return;
  }
  watch.holders.delete(connection);
  if (watch.holders.size > 0) return;
  watch.idle_since = hub.time;
  hub.idle_watches.add(watch);
}

function watchOf(hub: Hub, connection: Ready, watched: UserId): Watch {
  const watcher = connection.attachee.user_id;
  let mine = hub.watches.get(watcher);
  if (!mine) hub.watches.set(watcher, (mine = new Map<UserId, Watch>()));
  const present = mine.get(watched);
  if (present) return present;
  const watch: Watch = {
    watcher,
    watched,
    holders: new Map(),
    idle_since: 0,
    heard: 0,
    state: undefined,
  };
  mine.set(watched, watch);
  hub.counters.watches++;
  return watch;
}

/** Places the watch (again) and writes the answer, unless something newer was heard while it was on its way. */
function tell(
  hub: Hub,
  watch: Watch,
  connection: Connection | undefined,
  known: Presence["state"] | undefined,
): void {
  const { watcher, watched, heard } = watch;
  const gateway = hub.gateway_id;
  void request<"watch">(hub, {
    kind: "watch",
    user_id: watched,
    gateway,
    watcher,
    on: true,
  }).then((result) => {
    if (!result.ok) {
      if (CODES[result.refusal.code].retry) hub.unplaced.add(watch);
      return;
    }
    if (watch.heard !== heard) return;
    watch.state = result.value.state;
    if (result.value.state === known) return;
    const frame = JSON.stringify({ type: "presence", ...result.value });
    const targets = connection ? [connection] : watch.holders.keys();
    for (const target of targets) if (watch.holders.has(target)) ephemeral(hub, target, frame);
  });
}

/** A home tells that a watched user's presence changed. */
export function presenceChanged(hub: Hub, watcher: UserId, frame: string): void {
  const { user_id, state } = JSON.parse(frame) as Presence;
  const watch = hub.watches.get(watcher)?.get(user_id);
  // From a life of this gateway before, or the word that it is over was lost.
  if (!watch) return sayOver(hub, watcher, user_id);
  watch.heard++;
  watch.state = state;
  for (const connection of watch.holders.keys()) ephemeral(hub, connection, frame);
}

/** A socket that lagged was told nothing meanwhile: it learns the present state of all it shows. */
export function retellWatches(hub: Hub, connection: Ready): void {
  const mine = hub.watches.get(connection.attachee.user_id);
  for (const watch of mine?.values() ?? []) {
    if (watch.holders.has(connection)) tell(hub, watch, connection, undefined);
  }
}

export function releaseAll(hub: Hub, connection: Connection): void {
  for (const user_id of connection.watched ?? []) release(hub, connection, user_id);
  connection.watched = undefined;
  hub.pending_watches.delete(connection);
}

/** At a home that knows of no watch; its answer is told where it is another one than the last. */
export function placeAgain(hub: Hub, watch: Watch): void {
  tell(hub, watch, undefined, watch.state);
}

/** Places again what no home took, and takes back what nobody has shown for a while. */
export function sweepWatches(hub: Hub): void {
  const unplaced = [...hub.unplaced];
  hub.unplaced.clear();
  for (const watch of unplaced) if (watch.holders.size > 0) tell(hub, watch, undefined, undefined);
  for (const watch of hub.idle_watches) {
    if (hub.time - watch.idle_since < WATCH_LINGER_MS) break;
    hub.idle_watches.delete(watch);
    takeBack(hub, watch);
  }
}

function takeBack(hub: Hub, { watcher, watched }: Watch): void {
  const mine = hub.watches.get(watcher);
  mine?.delete(watched);
  if (mine?.size === 0) hub.watches.delete(watcher);
  hub.counters.watches--;
  sayOver(hub, watcher, watched);
}

/** Somebody who looks again meanwhile may have been overtaken by it. */
function sayOver(hub: Hub, watcher: UserId, watched: UserId): void {
  const gateway = hub.gateway_id;
  const over = { kind: "watch" as const, user_id: watched, gateway, watcher, on: false };
  void request<"watch">(hub, over).then(() => {
    const watch = hub.watches.get(watcher)?.get(watched);
    if (watch) placeAgain(hub, watch);
  });
}
