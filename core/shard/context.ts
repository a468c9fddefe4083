/** Everything that the parts of one shard share. Made once in `shard.ts`; a record, so that each part shows what it uses. */
import type { FeedId, UserId } from "@damso/protocol/ids";
import type { Stamp } from "../channel/send.ts";
import type { IdClock } from "../ids/snowflake.ts";
import type { Bus } from "../ports/bus.ts";
import type { Clock } from "../ports/clock.ts";
import type { Directory } from "../ports/directory.ts";
import type { PushSink } from "../ports/push.ts";
import type { ShardStore } from "../ports/store.ts";
import type { Home } from "../presence/home.ts";
import type { CheckpointRow } from "../tables.ts";
import type { FeedKept } from "../user/cover.ts";
import type { Badges } from "./badges.ts";
import type { CommitStats, Committer } from "./commit.ts";
import type { Dedup } from "./dedup.ts";
import type { Fed } from "./fed.ts";
import type { Forwarder } from "./forward.ts";
import type { Gateways } from "./gateways.ts";
import type { Place } from "./here.ts";
import type { Lanes } from "./lanes.ts";
import type { Memory, MemoryMax } from "./memory.ts";
import type { Outgoing } from "./outgoing.ts";
import type { Asking } from "./profiles.ts";
import type { Flights, Shown } from "./shown.ts";

export type ShardDeps = {
  shard: number;
  /** Where channels and users live; without it all of them live in this shard. */
  place?: Place;
  store: ShardStore;
  /** What one commit may be long: see `commit.ts`. For stores whose commits have a limit. */
  batch_units_max?: number;
  memory_max?: MemoryMax;
  /** How much of each feed stays: see `cover.ts`. Absent: what the specification promises. */
  feed_kept?: FeedKept;
  /** The store holds more than it is meant to in memory, until its table has taken it. */
  pressed?(): boolean;
  directory: Directory;
  bus: Bus;
  push: PushSink;
  clock: Clock;
  /** Runs at the end of this turn of the event loop: what arrived together is committed together. */
  soon(run: () => void): void;
  /** Told of every durable commit and of a failure: metrics and logs. */
  observe: ShardObserver;
};

export type ShardObserver = {
  committed(stats: CommitStats): void;
  /** The store failed: reads go on, writes are refused until `recovered`. */
  failed(error: unknown): void;
  recovered(): void;
  /** Work in the background failed and will be tried again. */
  warned(what: string, error: unknown): void;
};

export type Shard = ShardDeps & {
  memory: Memory;
  asking: Asking;
  feed_kept: FeedKept;
  now(): number;
  committer: Committer;
  outgoing: Outgoing;
  forwarder: Forwarder;
  fed: Fed;
  lanes: Lanes<string>;
  ids: IdClock;
  stamp: Stamp;
  dedup: Dedup;
  checkpoint: CheckpointRow;
  feed_id: FeedId;
  /** Set while the store cannot be written to. */
  failure: { error: unknown; tried_at: number } | undefined;
  /** When the earliest known push is due; Infinity: none is waiting. */
  push_due_at: number;
  /** No row of `pushes` is due before this. */
  pushes_from: number;
  /** Pushes that a sink has and has not taken over yet, by their row's key. */
  pushing: Set<string>;
  /** Set while the store is asked for what is due: the rows whose pushes have ended since. */
  push_ended: Set<string> | undefined;
  /** Which notifications devices show. */
  shown: Shown;
  /** Which number devices show. */
  badges: Badges;
  /** Messages whose pushes are being judged or sent. */
  flights: Flights;
  /** Those that have said lately that they live. */
  gateways: Gateways;
  /** Walks over the homes that still look for what is watched at others. */
  forgetting: number;
  /** Where the walk over the homes goes on at the next tick. */
  homes_at: IterableIterator<[UserId, Home]> | undefined;
};

/** Rows that may wait for the next commit, and commands for their loads, before new ones are refused with `busy`. */
export const WAITING_ROWS_MAX = 50_000;
export const WAITING_COMMANDS_MAX = 20_000;
/**
 * Rows that other shards have not taken over, all of them together, before what could add one is refused with `busy`:
 * five full targets. It bounds memory, and what a start reads; the bound of one target is in `forward.ts`.
 */
export const WAITING_TELLS_MAX = 50_000;
export const BUSY_RETRY_MS = 200;
