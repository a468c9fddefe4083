/**
 * Who is attached where, and whether that makes a user online. Never stored, never in the way of a message.
 * Rules R1 (online), R2 (grace), R4 (watchers).
 */
import type { ChannelId, DeviceId, Pos, Seq, SessionId, UserId } from "@damso/protocol/ids";
import type { GatewayId } from "../ports/bus.ts";

export const HEARTBEAT_TTL_MS = 45_000;
export const GRACE_MS = 20_000;
/** Looks at a home, half a second apart or more, in which no word of a socket came: its gateway is gone. */
export const SILENT_LOOKS_MAX = 180;

/** Which socket of a gateway, and the time of its hello by that gateway's clock. */
export type SocketMark = { serial: number; since: number };

export type Attached = {
  session_id: SessionId;
  device_id: DeviceId;
  gateway: GatewayId;
  active: boolean;
  beat_ms: number;
  /** Looks at the home since its gateway last named it. Counted, because a clock may jump. */
  looks?: number;
  /** Absent: a poll. */
  socket?: SocketMark;
};

export type Home = {
  /** One per session and gateway: a session may have a socket at one and a poll or a second tab at another. */
  attached: Attached[];
  /** Gateways of `attached`, each once. */
  gateways: readonly GatewayId[];
  online: boolean;
  /** Online until then without a session that is heard. */
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
    attached: [],
    gateways: [],
    online: false,
    grace_until: 0,
    last_active_ms: 0,
    watchers: new Map(),
    acked: new Map(),
    undelivered: new Map(),
  };
}

function findAttached(
  { attached }: Home,
  session_id: SessionId,
  gateway: GatewayId,
): Attached | undefined {
  return attached.find((one) => one.session_id === session_id && one.gateway === gateway);
}

export function attach(home: Home, attached: Attached): void {
  const { session_id, gateway, active, beat_ms } = attached;
  const known = findAttached(home, session_id, gateway);
  if (known) Object.assign(known, attached, { looks: 0 });
  else put(home, [...home.attached, attached]);
  if (active) home.last_active_ms = beat_ms;
}

/** A socket is gone; `gone`: by log-out, which has no grace. */
export function detach(
  home: Home,
  session_id: SessionId,
  gateway: GatewayId,
  gone: boolean,
  now: number,
): void {
  const attached = findAttached(home, session_id, gateway);
  if (attached) drop(home, [attached], now, gone ? 0 : GRACE_MS);
}

/** The session is over, wherever it is attached. */
export function detachAll(home: Home, session_id: SessionId, now: number): void {
  const ended = home.attached.filter((one) => one.session_id === session_id);
  drop(home, ended, now, 0);
}

/** A gateway says again what it has, every few seconds; answers whether it is known. */
export function named(home: Home, session_id: SessionId, gateway: GatewayId): boolean {
  const attached = findAttached(home, session_id, gateway);
  if (attached) attached.looks = 0;
  return attached !== undefined;
}

/** One look: forgets what no gateway has named for too long. What a clock that went back had dated is dated anew. */
export function dropSilent(home: Home, now: number): void {
  home.grace_until = Math.min(home.grace_until, now + GRACE_MS);
  let silent = false;
  for (const attached of home.attached) {
    attached.beat_ms = Math.min(attached.beat_ms, now);
    attached.looks = (attached.looks ?? 0) + 1;
    silent ||= attached.looks > SILENT_LOOKS_MAX;
  }
  if (!silent) return;
  const gone = home.attached.filter(({ looks = 0 }) => looks > SILENT_LOOKS_MAX);
  drop(home, gone, now, 0);
}

/** The grace begins with the last one that was heard: one that has long been silent neither begins nor ends it. */
function drop(home: Home, dropped: readonly Attached[], now: number, grace_ms: number): void {
  if (dropped.length === 0) return;
  const isHeard = heardAt(now);
  put(
    home,
    home.attached.filter((one) => !dropped.includes(one)),
  );
  for (const { active, beat_ms } of dropped)
    if (active) home.last_active_ms = Math.max(home.last_active_ms, beat_ms);
  if (!dropped.some(isHeard) || home.attached.some(isHeard)) return;
  // No grace is none on any clock: one that is put back must not begin it.
  home.grace_until = grace_ms === 0 ? 0 : now + grace_ms;
}

function put(home: Home, attached: Attached[]): void {
  home.attached = attached;
  home.gateways = [...new Set(attached.map(({ gateway }) => gateway))];
}

export function beat(
  home: Home,
  { session_id, gateway, active }: Pick<Attached, "session_id" | "gateway"> & { active?: boolean },
  now: number,
): void {
  const attached = findAttached(home, session_id, gateway);
  if (!attached) return;
  attached.beat_ms = now;
  if (active !== undefined) attached.active = active;
  if (attached.active) home.last_active_ms = now;
}

/** Online while a session's heartbeat is fresh, or within the grace after the last such session dropped. */
export function isOnline({ attached, grace_until }: Home, now: number): boolean {
  return now < grace_until || attached.some(heardAt(now));
}

function heardAt(now: number): (attached: Attached) => boolean {
  return ({ beat_ms }) => now - beat_ms <= HEARTBEAT_TTL_MS;
}

/** True when nothing about this home is worth memory. */
export function isQuiet(home: Home, now: number): boolean {
  return (
    home.attached.length === 0 &&
    home.watchers.size === 0 &&
    now >= home.grace_until &&
    !home.online
  );
}
