/**
 * The regular word between a gateway and the homes of its users, one a user every 5 s, spread over the ticks: who is
 * attached, and how far the feed is. It repairs whatever live delivery lost. Rules: D18, D20, I17 (silence), I21.
 */
import { CLOSE } from "@damso/protocol/codes";
import type { SessionId } from "@damso/protocol/ids";
import type { Attachee, CommandOf } from "@damso/core/shard/commands";
import { request } from "./ask.ts";
import { closeRevoked } from "./deliver.ts";
import { EXCHANGE_MS, TICK_MS, USED_MS } from "./bounds.ts";
import { end, head } from "./outgoing.ts";
import type { AttachedUser, Hub, Ready } from "./types.ts";

/** At most this many a tick, or twice the even share when there are more: a crowd that came together is pulled apart. */
const USERS_A_TICK_MIN = 64;

/** `hub.users` is in the order of the last word: those that are due stand in front. */
export function exchangeDue(hub: Hub): void {
  const share = Math.ceil((2 * hub.users.size * TICK_MS) / EXCHANGE_MS);
  let left = Math.max(USERS_A_TICK_MIN, share);
  for (const user of hub.users.values()) {
    if (hub.time - user.exchanged_at < EXCHANGE_MS || left-- === 0) return;
    user.exchanged_at = hub.time;
    hub.users.delete(user.user_id);
    hub.users.set(user.user_id, user);
    void exchange(hub, user);
  }
}

type Told = CommandOf<"exchange">["sessions"][number];

async function exchange(hub: Hub, user: AttachedUser): Promise<void> {
  const sessions = new Map<SessionId, Told>();
  for (const socket of user.sockets) {
    if (socket.state !== "ready" || !socket.attachee) continue;
    tell(sessions, socket.attachee, socket.active);
    noteUse(hub, socket as Ready);
  }
  for (const poll of user.polls) tell(sessions, poll.attachee, poll.active);
  if (sessions.size === 0) return;
  const asked_at = hub.time;
  const result = await request<"exchange">(hub, {
    kind: "exchange",
    user_id: user.user_id,
    gateway: hub.gateway_id,
    sessions: [...sessions.values()],
  });
  if (!result.ok) return;
  // A revoke before it was asked is in its answer, which may have been long on its way.
  user.answered_at = Math.max(user.answered_at, asked_at);
  // What the home said at once may not have reached this gateway, or there was no home at that moment.
  const { revoked } = result.value;
  if (revoked) closeRevoked(hub, user.user_id, revoked);
  for (const socket of user.sockets) head(hub, socket, result.value.head);
}

/** Its socket shows no token after the hello, so nobody else would know that the session is in use. */
export function noteUse(hub: Hub, connection: Ready): void {
  if (hub.time - connection.used_at < USED_MS) return;
  connection.used_at = hub.time;
  hub.used(connection.attachee.session_id);
}

function tell(sessions: Map<SessionId, Told>, attachee: Attachee, active: boolean): void {
  const { session_id, device_id } = attachee;
  const before = sessions.get(session_id)?.active ?? false;
  sessions.set(session_id, { session_id, device_id, active: active || before });
}

/** A home out of reach may have revoked these sessions: they come back through a hello that is checked. */
export function closeSilent(hub: Hub, user: AttachedUser): void {
  if (hub.time - user.answered_at <= hub.silence_ms_max) return;
  hub.counters.bounds.silent++;
  for (const socket of user.sockets) end(hub, socket, CLOSE.going_away, "home out of reach");
  for (const poll of user.polls) poll.end("silent");
}
