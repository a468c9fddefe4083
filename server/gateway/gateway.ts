/**
 * The gateway: holds the sockets, one session a device. It knows frames and who is attached; every decision is a
 * shard's. Runs on any socket, clock and timers: see `bun.ts` for the real ones.
 */
import type { GatewayItem } from "@damso/core/ports/bus";
import type { Result } from "@damso/core/result";
import type { EventsPage } from "@damso/core/shard/commands";
import { SILENCE_MS_MAX } from "./bounds.ts";
import { deliver } from "./deliver.ts";
import { drain } from "./drain.ts";
import { drained, end } from "./outgoing.ts";
import { followMoves } from "./moved.ts";
import { poll } from "./poll.ts";
import type { PollQuery } from "./poll.ts";
import { receive } from "./session.ts";
import { tick } from "./tick.ts";
import type { Connection, Context, GatewayOptions, Hub, Identity, Socket } from "./types.ts";
import { forget } from "./users.ts";
import { CLOSE } from "@damso/protocol/codes";

export type Gateway = {
  /** A socket of subprotocol `damso.v1` is open; the connection goes with every later call about it. */
  opened(socket: Socket, context: Context): Connection;
  message(connection: Connection, data: string | Uint8Array): void;
  /** The socket's buffer shrank. */
  drained(connection: Connection): void;
  closed(connection: Connection): void;
  /** What the bus has for this gateway's users. */
  deliver(items: readonly GatewayItem[]): void;
  poll(who: Identity, query: PollQuery, signal?: AbortSignal): Promise<Result<EventsPage>>;
  /** To be called every `TICK_MS`. */
  tick(): void;
  drain(ms: number): Promise<void>;
};

export function createGateway(options: GatewayOptions): Gateway {
  const hub = createHub(options);
  return {
    opened: (socket, context) => opened(hub, socket, context),
    message: (connection, data) => receive(hub, connection, data),
    drained: (connection) => drained(hub, connection),
    closed: (connection) => forget(hub, connection),
    deliver: (items) => deliver(hub, items),
    poll: (who, query, signal) => poll(hub, who, query, signal),
    tick: () => tick(hub),
    drain: (ms) => drain(hub, ms),
  };
}

function createHub(options: GatewayOptions): Hub {
  const hub: Hub = {
    ...options,
    silence_ms_max: options.silence_ms_max ?? SILENCE_MS_MAX,
    time: 0,
    ticked_at: options.monotonic(),
    ticked_day_ms: options.clock.now(),
    steady_since: options.monotonic(),
    swept_at: 0,
    silent_left: false,
    alive: { next: -1, since: new Map() },
    moved: { shards: 1, now: new Set(), anew: new Set(), walk: undefined },
    serial: 0,
    draining: false,
    greeting: new Set(),
    ready: new Set(),
    users: new Map(),
    topics: new Map(),
    watches: new Map(),
    idle_watches: new Set(),
    unplaced: new Set(),
    pending_watches: new Set(),
    acking: [],
    dirty: [],
    polls: 0,
    forget: (connection) => forget(hub, connection),
  };
  followMoves(hub);
  return hub;
}

function opened(hub: Hub, socket: Socket, context: Context): Connection {
  const connection = createConnection(hub, socket, context);
  hub.counters.opened++;
  hub.counters.connections++;
  hub.greeting.add(connection);
  if (hub.draining) hub.timers.soon(() => end(hub, connection, CLOSE.going_away, "going away"));
  return connection;
}

/** All fields at once and always in this order: the hot path meets one shape of object. */
function createConnection(hub: Hub, socket: Socket, context: Context): Connection {
  return {
    serial: ++hub.serial,
    socket,
    context,
    state: "new",
    heard_at: hub.time,
    greeted_at: 0,
    answered_at: Number.POSITIVE_INFINITY,
    attachee: undefined,
    user: undefined,
    active: true,
    gone: false,
    leaving: false,
    queue: [],
    queued: 0,
    buffered: 0,
    lagging: false,
    lagging_since: 0,
    shed: false,
    told: 0,
    pushed: 0,
    missed: 0,
    held: undefined,
    held_units: 0,
    early: undefined,
    early_units: 0,
    in_flight: 0,
    pages: 0,
    waiting_pages: undefined,
    opens: 0,
    waiting_opens: undefined,
    acked: 0,
    acking: false,
    errors: 0,
    rate_refusals: 0,
    frames: 0,
    window_since: hub.time,
    open: undefined,
    watched: undefined,
    watch_next: undefined,
    watch_from: Number.NEGATIVE_INFINITY,
    used_at: Number.NEGATIVE_INFINITY,
    pinged_at: Number.NEGATIVE_INFINITY,
  };
}
