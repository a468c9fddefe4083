/** The records of the gateway. Functions that change them are beside the rule they follow. */
import type { Bus, GatewayId } from "@damso/core/ports/bus";
import type { Clock } from "@damso/core/ports/clock";
import type { Result } from "@damso/core/result";
import type { Attachee } from "@damso/core/shard/commands";
import type { Presence } from "@damso/protocol/frames/server";
import type { ChannelId, DeviceId, Pos, SessionId, UserId } from "@damso/protocol/ids";
import type { Limits } from "@damso/protocol/limits";
import type { Log } from "../log.ts";
import type { Counters } from "./counters.ts";
import type { RateLimits } from "./limits.ts";
import type { Timers } from "./timers.ts";
import type { TypingLimit } from "./typing.ts";

/**
 * What the gateway needs of a socket. Bun's own fits as it is, because an object with four functions around each would
 * be more memory than the rest of an idle session; a simulator's and a test's fit too.
 */
export type Socket = {
  /** One text frame, in order. */
  sendText(text: string): unknown;
  /** The close frame goes behind what was sent. */
  close(code: number, reason: string): void;
  /** Ends it at once, with whatever waits in it. */
  terminate(): void;
  /** Bytes that the peer has not taken yet. */
  getBufferedAmount(): number;
  /** Runs `fn` and writes what it sent in one go. */
  cork(fn: () => void): unknown;
};

/** What the upgrade request told: a token from a cookie whose `Origin` was checked. */
export type Context = { token: string | undefined };

export type Identity = { user_id: UserId; device_id: DeviceId; session_id: SessionId };

export type GatewayOptions = {
  gateway_id: GatewayId;
  bus: Bus;
  clock: Clock;
  /** Milliseconds of a clock that never jumps and goes on while this process stands still. */
  monotonic(): number;
  timers: Timers;
  /** A refusal `unauthenticated` for a bad, expired or revoked token; `unavailable` when nobody can tell. */
  authenticate(token: string): Promise<Result<Identity>>;
  /** False when the session was revoked. For requests that come with an identity that was checked before. */
  isAlive(who: Identity): Promise<boolean>;
  /** Notes that a session is in use although it shows no token: its socket is open. Rule X7. */
  used(session_id: SessionId): void;
  limits: Limits;
  rate_limits: RateLimits;
  /** The same as the API's. */
  typing: TypingLimit;
  log: Log;
  counters: Counters;
  /** How long a home may be silent. Absent: `SILENCE_MS_MAX`. */
  silence_ms_max?: number;
};

export type Held = { pos: Pos; frame: string };

/** `named` is confirmed by the owner's answer: before it nothing of the channel reaches the socket. Rule I18. */
export type OpenChannel = { named: boolean; gone: boolean; members: UserId[] };

/**
 * One socket. `new` until its hello, `greeting` while that is checked and the first page is read, `ready` after
 * `welcome`, `closed` for good.
 */
export type Connection = {
  /** Rises with every socket: of two of one device, the higher is the newer. */
  readonly serial: number;
  readonly socket: Socket;
  readonly context: Context;
  state: "new" | "greeting" | "ready" | "closed";
  /** Gateway time of the last frame; of the opening or the hello before `ready`. */
  heard_at: number;
  /** Time of day of its hello. */
  greeted_at: number;
  /** `monotonic` time at which a home was last asked for it that has answered; until it is attached nobody has to. */
  answered_at: number;
  /** Set as soon as the token is known to be good. */
  attachee: Attachee | undefined;
  user: AttachedUser | undefined;
  active: boolean;
  /** The session itself ended: the home is told that there is nothing to wait for. */
  gone: boolean;
  leaving: boolean;

  /** Frames of this turn, not yet given to the socket. */
  queue: string[];
  /** UTF-16 units in `queue`, and bytes that the socket held back after the last write. */
  queued: number;
  buffered: number;
  lagging: boolean;
  lagging_since: number;
  /** Ephemeral frames were dropped while it lagged. */
  shed: boolean;

  /** Highest position that the device was told of, as an event or as a head. */
  told: Pos;
  /** Position of the newest event that was written. */
  pushed: Pos;
  /** Highest position that it was not told of because it lagged. */
  missed: Pos;
  held: Held[] | undefined;
  held_units: number;
  early: string[] | undefined;
  early_units: number;

  in_flight: number;
  pages: number;
  waiting_pages: (() => void)[] | undefined;
  opens: number;
  waiting_opens: (() => void)[] | undefined;
  acked: Pos;
  acking: boolean;

  /** What happened since `window_since`. */
  errors: number;
  rate_refusals: number;
  frames: number;
  window_since: number;

  open: Map<ChannelId, OpenChannel> | undefined;
  watched: Set<UserId> | undefined;
  watch_next: readonly UserId[] | undefined;
  /** Gateway time from which on the next set is applied. */
  watch_from: number;
  /** Gateway time of the last `used`. */
  used_at: number;
  /** Gateway time of the last ping that was told to the home. */
  pinged_at: number;
};

/** A connection after `welcome`. */
export type Ready = Connection & { attachee: Attachee; user: AttachedUser };

/** A long poll that waits for the next event of its user. */
export type Poll = {
  attachee: Attachee;
  active: boolean;
  /** As of a connection. */
  answered_at: number;
  wake(): void;
  end(why: "revoked" | "draining" | "silent"): void;
};

export type AttachedUser = {
  readonly user_id: UserId;
  sockets: readonly Connection[];
  polls: readonly Poll[];
  /** `monotonic` time of the last word to the home. */
  exchanged_at: number;
  /** The head at which it was looked last whether he is still in what he has open. */
  rechecked: Pos;
};

export type Topic = { sockets: Set<Connection>; unsubscribe: () => void };

/** One user watching another through this gateway, however many sockets show it. */
export type Watch = {
  watcher: UserId;
  watched: UserId;
  /** How many reasons (the explicit set, open channels) each socket has. */
  holders: Map<Connection, number>;
  /** Set when the last holder went. */
  idle_since: number;
  /** Counts what was heard, so that an older answer never overwrites a newer event. */
  heard: number;
  /** What was told last. */
  state: Presence["state"] | undefined;
};

/** Shards that have a new owner. */
export type Moves = {
  /** How many shards there are. */
  shards: number;
  /** Since the last tick. */
  now: Set<number>;
  /** Those whose users are being watched anew, and the watches that are still to be looked at for it. */
  anew: Set<number>;
  walk: Iterator<Watch> | undefined;
};

/** All state of one gateway. */
export type Hub = GatewayOptions & {
  silence_ms_max: number;
  /** Gateway time: milliseconds that ticks have counted. What this process missed closes nobody's socket. */
  time: number;
  /** `monotonic` time and time of day of the last tick. */
  ticked_at: number;
  ticked_day_ms: number;
  /** `monotonic` time from which on this process has gone on without standing still. */
  steady_since: number;
  serial: number;
  draining: boolean;
  /** Connections before `ready`, oldest first. */
  greeting: Set<Connection>;
  ready: Set<Connection>;
  users: Map<UserId, AttachedUser>;
  topics: Map<ChannelId, Topic>;
  watches: Map<UserId, Map<UserId, Watch>>;
  idle_watches: Set<Watch>;
  /** Watches that no home took: placed again by the next sweep. */
  unplaced: Set<Watch>;
  pending_watches: Set<Connection>;
  acking: Connection[];
  dirty: Connection[];
  polls: number;
  swept_at: number;
  moved: Moves;
  /** `since`: what each shard has answered last. */
  alive: { next: number; since: Map<number, number> };
  /** More users have a silent home than one tick closes. */
  silent_left: boolean;
  /** Takes a connection out of everything; its state is `closed` afterwards. Part of the hub to keep imports a tree. */
  forget(connection: Connection): void;
};
