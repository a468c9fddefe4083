/**
 * The regular word between a gateway and the homes of its users, one a user every 5 s, spread over the ticks: who is
 * attached, and how far the feed is. It repairs whatever live delivery lost. Rules: D18, D20, I17 (silence), I18 (what was
 * left), I21.
 */
import type { SessionId } from "@damso/protocol/ids";
import type { SocketMark } from "@damso/core/presence/home";
import type { Attachee, CommandOf } from "@damso/core/shard/commands";
import { request } from "./ask.ts";
import { closeRevoked } from "./deliver.ts";
import { EXCHANGE_MS, TICK_MS, USED_MS } from "./bounds.ts";
import { recheckOpen } from "./left.ts";
import { endSilent, head } from "./outgoing.ts";
import { isSilent } from "./silent.ts";
import type { AttachedUser, Connection, Hub, Ready } from "./types.ts";

/** At most this many a tick, or twice the even share when there are more: a crowd that came together is pulled apart. */
const USERS_A_TICK_MIN = 64;

/** `hub.users` is in the order of the last word: those that are due stand in front. */
export function exchangeDue(hub: Hub): void {
  const now = hub.monotonic();
  const share = Math.ceil((2 * hub.users.size * TICK_MS) / EXCHANGE_MS);
  let left = Math.max(USERS_A_TICK_MIN, share);
  for (const user of hub.users.values()) {
    if (!isDue(hub, user, now) || left-- === 0) return;
    user.exchanged_at = now;
    hub.users.delete(user.user_id);
    hub.users.set(user.user_id, user);
    void exchange(hub, user);
  }
}

/** Whoever was told something before this process stood still has waited for long enough. */
function isDue(hub: Hub, { exchanged_at }: AttachedUser, now: number): boolean {
  return now - exchanged_at >= EXCHANGE_MS || exchanged_at < hub.steady_since;
}

type Told = CommandOf<"exchange">["sessions"][number];

async function exchange(hub: Hub, user: AttachedUser): Promise<void> {
  const sessions = new Map<SessionId, Told>();
  const ready = user.sockets.filter((socket): socket is Ready => socket.state === "ready");
  const { polls } = user;
  for (const { attachee, active } of polls) tell(sessions, attachee, active);
  for (const socket of ready) {
    tell(sessions, socket.attachee, socket.active, markOf(socket));
    noteUse(hub, socket);
  }
  if (sessions.size === 0) return;
  const asked_at = hub.monotonic();
  const result = await request<"exchange">(hub, {
    kind: "exchange",
    user_id: user.user_id,
    gateway: hub.gateway_id,
    sessions: [...sessions.values()],
  });
  if (!result.ok) return;
  // A revoke before it was asked is in its answer, which may have been long on its way.
  for (const one of [...ready, ...polls]) one.answered_at = Math.max(one.answered_at, asked_at);
  // What the home said at once may not have reached this gateway, or there was no home at that moment.
  const { revoked, head: pos } = result.value;
  if (revoked) closeRevoked(hub, user.user_id, revoked);
  for (const socket of user.sockets) head(hub, socket, pos);
  // What has moved the head may be that he has left a channel.
  if (pos > user.rechecked && (await recheckOpen(hub, user))) user.rechecked = pos;
}

/** Its socket shows no token after the hello, so nobody else would know that the session is in use. */
export function noteUse(hub: Hub, connection: Ready): void {
  if (hub.time - connection.used_at < USED_MS) return;
  connection.used_at = hub.time;
  hub.used(connection.attachee.session_id);
}

function tell(
  sessions: Map<SessionId, Told>,
  attachee: Attachee,
  active: boolean,
  socket?: SocketMark,
): void {
  const { session_id, device_id } = attachee;
  const before = sessions.get(session_id)?.active ?? false;
  const told: Told = { session_id, device_id, active: active || before };
  sessions.set(session_id, socket ? { ...told, socket } : told);
}

/** What tells the home whether it is the newest of its device. Rule X6. */
export function markOf({ serial, greeted_at }: Connection): SocketMark {
  return { serial, since: greeted_at };
}

/** Of at most this many users in one tick: each of their sockets tells its home that it is gone. */
const SILENT_USERS_MAX = 500;

/** Closes what has a silent home; answers whether there is more of it than one tick may do. */
export function closeSilent(hub: Hub): boolean {
  const now = hub.monotonic();
  let left = SILENT_USERS_MAX;
  for (const { sockets, polls } of hub.users.values()) {
    for (const poll of polls) if (isSilent(hub, poll, now)) poll.end("silent");
    const silent = sockets.filter((socket) => isSilent(hub, socket, now));
    if (silent.length === 0) continue;
    if (left-- === 0) return true;
    for (const socket of silent) endSilent(hub, socket);
  }
  return false;
}
