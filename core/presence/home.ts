/**
 * Who is attached where, and whether that makes a user online. Never stored, never in the way of a message.
 * Rules R1 (online), R2 (grace), R4 (watchers).
 */
import type { ChannelId, DeviceId, Pos, Seq, SessionId, UserId } from "@damso/protocol/ids";
import type { GatewayId } from "../ports/bus.ts";

export const HEARTBEAT_TTL_MS = 45_000;
export const GRACE_MS = 20_000;

export type Attached = {
  device_id: DeviceId;
  gateway: GatewayId;
  active: boolean;
  beat_ms: number;
};

export type Home = {
  sessions: Map<SessionId, Attached>;
  /** Gateways of `sessions`, each once. */
  gateways: readonly GatewayId[];
  online: boolean;
  /** Online until then without a session; 0: no grace. */
  grace_until: number;
  last_active_ms: number;
  /** Who at which gateway watches this user. */
  watchers: Map<UserId, Set<GatewayId>>;
  /** Positions that devices acknowledged, attached or not. */
  acked: Map<DeviceId, Pos>;
  /** Newest message per channel that no device acknowledged yet, and the one before it that was newest first. */
  undelivered: Map<ChannelId, { first: Mark; newest: Mark }>;
};
export type Mark = { pos: Pos; seq: Seq };

export function newHome(): Home {
  return {
    sessions: new Map(),
    gateways: [],
    online: false,
    grace_until: 0,
    last_active_ms: 0,
    watchers: new Map(),
    acked: new Map(),
    undelivered: new Map(),
  };
}

export function attach(home: Home, session_id: SessionId, attached: Attached): void {
  home.sessions.set(session_id, attached);
  regroup(home);
  if (attached.active) home.last_active_ms = attached.beat_ms;
}

/** A socket is gone; `gone`: by log-out, which has no grace. */
export function detach(
  home: Home,
  session_id: SessionId,
  gateway: GatewayId,
  gone: boolean,
  now: number,
): void {
  const attached = home.sessions.get(session_id);
  // The session may have moved to another gateway meanwhile; that one's word counts.
  if (!attached || attached.gateway !== gateway) return;
  home.sessions.delete(session_id);
  regroup(home);
  if (attached.active) home.last_active_ms = Math.max(home.last_active_ms, attached.beat_ms);
  if (home.sessions.size === 0) home.grace_until = gone ? 0 : now + GRACE_MS;
}

function regroup(home: Home): void {
  const gateways = new Set<GatewayId>();
  for (const { gateway } of home.sessions.values()) gateways.add(gateway);
  home.gateways = [...gateways];
}

export function beat(
  home: Home,
  session_id: SessionId,
  active: boolean | undefined,
  now: number,
): void {
  const attached = home.sessions.get(session_id);
  if (!attached) return;
  attached.beat_ms = now;
  if (active !== undefined) attached.active = active;
  if (attached.active) home.last_active_ms = now;
}

/** Online while a session's heartbeat is fresh, or within the grace after the last socket dropped. */
export function isOnline(home: Home, now: number): boolean {
  for (const { beat_ms } of home.sessions.values())
    if (now - beat_ms <= HEARTBEAT_TTL_MS) return true;
  return home.sessions.size === 0 && now < home.grace_until;
}

/** True when nothing about this home is worth memory. */
export function isQuiet(home: Home, now: number): boolean {
  return (
    home.sessions.size === 0 && home.watchers.size === 0 && now >= home.grace_until && !home.online
  );
}
