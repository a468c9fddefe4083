/** Devices at their home: attach and resume in one request, heartbeats, acknowledgements, revokes. Rules D14, R1, R2. */
import type { SessionId, UserId } from "@damso/protocol/ids";
import {
  attach as attachHome,
  beat,
  detach as detachHome,
  detachAll as detachSession,
  named,
} from "../presence/home.ts";
import type { Attached } from "../presence/home.ts";
import type { GatewayId } from "../ports/bus.ts";
import { deliveredBy } from "../presence/delivered.ts";
import { done, refuse } from "../result.ts";
import type { Result } from "../result.ts";
import { syncPage } from "../sync/page.ts";
import { cover } from "../user/cover.ts";
import type { UserState } from "../user/state.ts";
import type { CommandOf, EventsPage, Nothing } from "./commands.ts";
import type { Shard } from "./context.ts";
import { heard } from "./gateways.ts";
import { homeFor, refreshPresence } from "./presence.ts";
import { inHome, inKnownHome, loaded } from "./homes.ts";
import { replacing } from "./replace.ts";
import { durable, submit } from "./write.ts";

/** From here on the gateway gets this user's events; the page holds what came before. */
export async function attach(
  shard: Shard,
  command: CommandOf<"attach">,
): Promise<Result<EventsPage>> {
  const { user_id, session_id, gateway } = command;
  return inKnownHome(shard, user_id, [], (user) => {
    if (!user || user.profile.deleted) return refuse("unauthenticated", "no such user");
    if (user.revoked.includes(session_id)) return refuse("unauthenticated", "the session ended");
    const home = homeFor(shard, user_id);
    attachHome(home, attachedOf(command, gateway, shard.clock.now()));
    refreshPresence(shard, user_id, home);
    return replacing(shard, command, syncPage(shard, user, command.feed, undefined));
  });
}

/** A session as its gateway names it. */
function attachedOf(
  { session_id, device_id, active, socket }: CommandOf<"exchange">["sessions"][number],
  gateway: GatewayId,
  beat_ms: number,
): Attached {
  return { session_id, device_id, gateway, active, beat_ms, ...(socket && { socket }) };
}

export function detach(shard: Shard, command: CommandOf<"detach">): Result<Nothing> {
  const home = shard.memory.homes.get(command.user_id);
  if (!home) return done({});
  detachHome(home, command.session_id, command.gateway, command.gone === true, shard.clock.now());
  refreshPresence(shard, command.user_id, home);
  return done({});
}

export async function sync(shard: Shard, command: CommandOf<"sync">): Promise<Result<EventsPage>> {
  const user = await loaded(shard, command.user_id);
  if (!user) return refuse("not_found", "no such user");
  return syncPage(shard, user, command.feed, command.limit);
}

export function ack(
  shard: Shard,
  command: CommandOf<"ack">,
): Result<Nothing> | Promise<Result<Nothing>> {
  const user = shard.memory.users.get(command.user_id);
  if (user) return acknowledge(shard, user, command);
  // Not in memory, as after a failure of the store: what the device has is said once, and must not be missed.
  return loadAndAcknowledge(shard, command);
}
async function loadAndAcknowledge(
  shard: Shard,
  command: CommandOf<"ack">,
): Promise<Result<Nothing>> {
  const { user_id, device_id, pos } = command;
  try {
    return await inHome(shard, user_id, [], (found) =>
      found ? acknowledge(shard, found, command) : done({}),
    );
  } catch (error) {
    // The user cannot be read, and that his device has it is known all the same.
    const acked = shard.memory.homes.get(user_id)?.acked;
    acked?.set(device_id, Math.max(pos, acked.get(device_id) ?? 0));
    throw error;
  }
}

function acknowledge(shard: Shard, user: UserState, command: CommandOf<"ack">): Result<Nothing> {
  const { user_id, device_id, pos } = command;
  const home = shard.memory.homes.get(user_id);
  if (!home || pos > user.head) return done({});
  beat(home, command, shard.clock.now());
  refreshPresence(shard, user_id, home);
  if (pos <= (home.acked.get(device_id) ?? 0)) return done({});
  home.acked.set(device_id, pos);
  if (!user.profile.receipts) return done({});
  for (const { channel, seq } of deliveredBy(home, pos)) {
    void shard.bus.request({ kind: "mark", user_id, channel, delivered: seq });
  }
  return done({});
}

export function ping(shard: Shard, command: CommandOf<"ping">): Result<Nothing> {
  const home = shard.memory.homes.get(command.user_id);
  if (!home) return done({});
  beat(home, command, shard.clock.now());
  refreshPresence(shard, command.user_id, home);
  return done({});
}

/** More than devices of an account can have had since a gateway last heard of its home. */
const REVOKED_MAX = 64;

/**
 * The sessions are gone at once: their gateways close the sockets, and nothing more is sent to them. Answered when that
 * is durable: a gateway that was not reached, or a home that moved meanwhile, hears of it with the next exchange.
 * Invariant I17.
 */
export function revoke(shard: Shard, command: CommandOf<"revoke">): Promise<Result<Nothing>> {
  const { user_id, sessions } = command;
  return inHome(shard, user_id, [], (user) => {
    detachAll(shard, user_id, sessions);
    if (!user) return done({});
    if (shard.failure) return refuse("unavailable");
    const others = user.revoked.filter((session_id) => !sessions.includes(session_id));
    user.revoked = [...others, ...sessions].slice(-REVOKED_MAX);
    user.batch = shard.committer.next();
    const puts = cover(user, shard.clock.now(), shard.feed_kept);
    return new Promise((resolve) =>
      submit(shard, puts, (ok) => resolve(ok ? done({}) : refuse("unavailable"))),
    );
  });
}

function detachAll(shard: Shard, user_id: UserId, sessions: SessionId[]): void {
  const home = shard.memory.homes.get(user_id);
  if (!home) return;
  for (const gateway of home.gateways)
    shard.bus.send(gateway, [{ kind: "revoked", user_id, sessions }]);
  for (const session_id of sessions) detachSession(home, session_id, shard.clock.now());
  refreshPresence(shard, user_id, home);
}

/** The gateway's regular word: whatever the home forgot of it is put right, and the head says whether it is behind. */
export async function exchange(
  shard: Shard,
  command: CommandOf<"exchange">,
): Promise<Result<{ head: number; revoked?: SessionId[] }>> {
  const user = await loaded(shard, command.user_id);
  if (!user) return refuse("not_found", "no such user");
  const home = homeFor(shard, command.user_id);
  const { gateway } = command;
  heard(shard, gateway);
  const beat_ms = shard.clock.now();
  const revoked: SessionId[] = [];
  for (const session of command.sessions) {
    const { session_id } = session;
    if (user.revoked.includes(session_id)) revoked.push(session_id);
    else if (!named(home, session_id, gateway))
      attachHome(home, attachedOf(session, gateway, beat_ms));
  }
  refreshPresence(shard, command.user_id, home);
  const head = user.head;
  if (!(await durable(shard))) return refuse("unavailable");
  return done({ head, ...(revoked.length > 0 && { revoked }) });
}
