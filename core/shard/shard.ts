/**
 * The owner of a shard: load, decide synchronously, commit as a group, then tell.
 * `request` answers every command of `commands.ts`; `tick` does what time brings. Rules D1, D2, S2, S4.
 */
import { createStamp, createIdClock } from "../ids/snowflake.ts";
import { refuse } from "../result.ts";
import type { Result } from "../result.ts";
import * as channelReads from "./channel-reads.ts";
import { told } from "./catch-up.ts";
import { channelWrite } from "./channel-writes.ts";
import { feedIdOf, noteFloors, openCheckpoint, tellsBelow } from "./checkpoint.ts";
import type { Answers, Command, CommandKind } from "./commands.ts";
import { createCommitter } from "./commit.ts";
import type { Shard, ShardDeps } from "./context.ts";
import { createDedup } from "./dedup.ts";
import { createFed, readFed } from "./fed.ts";
import { createForwarder, readTells } from "./forward.ts";
import { alive } from "./gateways.ts";
import { createLanes } from "./lanes.ts";
import { clearMemory, createMemory } from "./memory.ts";
import { learnTick } from "./learn.ts";
import { createOutgoing } from "./outgoing.ts";
import { activityRows, presence, presenceTick, watch } from "./presence.ts";
import { createAsking } from "./profiles.ts";
import { pushTick } from "./pushes.ts";
import type { Put } from "../tables.ts";
import { feed } from "./receive.ts";
import { receiptsTick } from "./receipts.ts";
import * as sessions from "./sessions.ts";
import { ownChannel, ownChannels } from "./user-reads.ts";
import { FEED_KEPT } from "../user/cover.ts";
import * as userWrites from "./user-writes.ts";
import { durable, submit } from "./write.ts";

const RECOVER_EVERY_MS = 2000;

export type ShardOwner = {
  request<K extends CommandKind>(command: Command<K>): Promise<Result<Answers[K]>>;
  /** Once a second or so: presence that ended, receipts, due pushes, recovery of a failed store. */
  tick(): Promise<void>;
  /** Starts the pushes that are due, between ticks; never waits. */
  pushDue(): void;
  /** Writes what is only in memory and waits until everything decided is durable. */
  stop(): Promise<void>;
  /** Its time is over: whoever waits for word of another shard is answered. */
  forsake(): void;
  /** Why writes are refused at the moment, or undefined. */
  failure(): unknown;
  /** For gauges. */
  sizes(): {
    owns: number;
    pushes: number;
    channels: number;
    users: number;
    homes: number;
    lanes: number;
    rows: number;
    dedup: number;
    /** Rows of `tells` that other shards have not taken over: none is left when the shard is drained. */
    tells: number;
  };
};

export async function createShard(deps: ShardDeps): Promise<ShardOwner> {
  const shard = await openShard(deps);
  let ticking = false;
  return {
    request: (command) => request(shard, command as Command) as Promise<never>,
    async tick() {
      // One at a time: a slow store must not pile up ticks.
      if (ticking) return;
      ticking = true;
      try {
        await tick(shard);
      } catch (error) {
        shard.observe.warned("tick", error);
      } finally {
        ticking = false;
      }
    },
    pushDue() {
      if (!shard.failure) pushTick(shard, shard.clock.now());
    },
    stop: () => settleAll(shard),
    forsake: () => shard.fed.reset(new Map()),
    failure: () => shard.failure?.error,
    sizes: () => ({
      owns: ownsHeld(shard),
      pushes: shard.pushing.size,
      channels: shard.memory.channels.size(),
      users: shard.memory.users.size(),
      homes: shard.memory.homes.size,
      lanes: shard.lanes.size(),
      rows: shard.committer.waiting(),
      dedup: shard.dedup.size(),
      tells: shard.forwarder.waiting(),
    }),
  };
}

function ownsHeld(shard: Shard): number {
  let held = 0;
  for (const user of shard.memory.users.values()) held += user.channels.size;
  return held;
}

async function openShard(deps: ShardDeps): Promise<Shard> {
  const now = (): number => deps.clock.now();
  const soon = (run: () => void): void => deps.soon(run);
  const checkpoint = await openCheckpoint(deps.store, deps.shard, now());
  const committer = createCommitter({
    store: deps.store,
    now,
    soon,
    ...(deps.batch_units_max !== undefined && { batch_units_max: deps.batch_units_max }),
    committed: (_n, stats) => deps.observe.committed(stats),
    failed: (error) => fail(shard, error),
  });
  const shard: Shard = {
    ...deps,
    committer,
    now,
    memory: createMemory({ durable: () => committer.durable(), soon, max: deps.memory_max }),
    asking: createAsking(),
    feed_kept: deps.feed_kept ?? FEED_KEPT,
    outgoing: createOutgoing(deps.bus),
    lanes: createLanes(),
    ids: createIdClock(deps.clock, deps.shard, checkpoint.ids_below),
    stamp: createStamp(),
    dedup: createDedup(checkpoint.client_ids_below - 1),
    checkpoint,
    feed_id: feedIdOf(checkpoint),
    failure: undefined,
    push_due_at: 0,
    pushes_from: checkpoint.pushes_from ?? 0,
    pushing: new Set(),
    push_ended: undefined,
    shown: new Map(),
    badges: new Map(),
    flights: new Map(),
    homes_at: undefined,
    gateways: new Map(),
    forgetting: 0,
    forwarder: createForwarder({
      shard: deps.shard,
      place: deps.place,
      bus: deps.bus,
      warned: (error) => deps.observe.warned("feed", error),
    }),
    fed: createFed(),
  };
  await openTells(shard);
  return shard;
}

/** What other shards were told and may not have heard, and what was heard of them. One shard alone has neither. */
async function openTells(shard: Shard): Promise<void> {
  if (!shard.place) return;
  const [rows, fed] = await Promise.all([
    readTells(shard.store, shard.shard, shard.checkpoint.tells_from ?? 1),
    readFed(shard.store, shard.shard),
  ]);
  shard.forwarder.reset(rows, tellsBelow(shard.checkpoint));
  shard.fed.reset(fed);
}

/**
 * The outcome of a commit is unknown. What was decided on top of it is dropped; committed rows can still be read.
 * Nothing is written until the store was opened again, which settles whether that commit is there. Rule S4.
 */
function fail(shard: Shard, error: unknown): void {
  shard.failure = { error, tried_at: shard.clock.now() };
  shard.outgoing.take();
  clearMemory(shard.memory);
  shard.fed.reset(new Map());
  shard.observe.failed(error);
}

async function recover(shard: Shard, now: number): Promise<void> {
  // A clock that was put back must not keep the store closed until it has caught up.
  if (!shard.failure || Math.abs(now - shard.failure.tried_at) < RECOVER_EVERY_MS) return;
  shard.failure.tried_at = now;
  await shard.store.recover();
  shard.checkpoint = await openCheckpoint(shard.store, shard.shard, now);
  shard.dedup = createDedup(shard.checkpoint.client_ids_below - 1);
  await openTells(shard);
  clearMemory(shard.memory);
  shard.push_due_at = 0;
  shard.pushes_from = shard.checkpoint.pushes_from ?? 0;
  shard.committer.recovered();
  shard.failure = undefined;
  shard.observe.recovered();
}

async function tick(shard: Shard): Promise<void> {
  const now = shard.clock.now();
  learnTick(shard);
  await recover(shard, now);
  shard.forwarder.tick();
  shard.fed.tick();
  const puts = presenceTick(shard, now);
  if (shard.failure) return;
  shard.dedup.trim(now);
  puts.push(...receiptsTick(shard, now, false));
  const tells_from = shard.forwarder.first();
  puts.push(...shard.forwarder.erased());
  noteFloors(shard, puts, { tells_from, pushes_from: shard.pushes_from });
  submitApart(shard, puts);
  pushTick(shard, now);
}

/** Of very many homes and channels, each by itself, because together they may be too long for one commit. */
function submitApart(shard: Shard, puts: readonly Put[]): void {
  let part: Put[] = [];
  const end = (): void => {
    if (part.length > 0) submit(shard, part, () => {});
    part = [];
  };
  for (const put of puts) {
    part.push(put);
    // The last row of a home.
    if (put.table === "users") {
      const user = shard.memory.users.get(put.key[0]);
      if (user) user.batch = shard.committer.next();
    }
    if (put.table === "users" || put.table === "marks") end();
  }
  end();
}

/** What was only in memory: marks, and when people were last active. */
async function settleAll(shard: Shard): Promise<void> {
  if (!shard.failure) {
    const now = shard.clock.now();
    submitApart(shard, [
      ...receiptsTick(shard, now, true),
      ...activityRows(shard, now),
      ...shard.forwarder.erased(),
    ]);
  }
  await durable(shard);
}

/** A read that meets a broken store answers so; a bug in it is logged and answers the same, and harms no one else. */
async function guarded<T>(
  shard: Shard,
  what: string,
  answer: Promise<Result<T>>,
): Promise<Result<T>> {
  try {
    return await answer;
  } catch (error) {
    shard.observe.warned(what, error);
    return refuse("unavailable");
  }
}

function request(shard: Shard, command: Command): Promise<Result<unknown>> {
  switch (command.kind) {
    case "send":
    case "edit":
    case "delete":
    case "react":
    case "pin":
    case "create_group":
    case "patch_channel":
    case "put_member":
    case "remove_member":
    case "block":
    case "depart":
      return new Promise((resolve) => channelWrite(shard, command, resolve));
    case "view":
    case "history":
    case "message":
    case "messages":
    case "opened":
    case "typing":
    case "mark":
      return guarded(shard, command.kind, channelReads[command.kind](shard, command as never));
    case "read":
    case "set":
    case "hide":
    case "account":
      return guarded(shard, command.kind, userWrites[command.kind](shard, command as never));
    case "own_channels":
      return guarded(shard, command.kind, ownChannels(shard, command));
    case "own_channel":
      return guarded(shard, command.kind, ownChannel(shard, command));
    case "attach":
    case "sync":
    case "exchange":
      return guarded<unknown>(shard, command.kind, sessions[command.kind](shard, command as never));
    case "detach":
    case "ack":
    case "ping":
    case "revoke":
      return guarded<unknown>(
        shard,
        command.kind,
        Promise.resolve(sessions[command.kind](shard, command as never)),
      );
    case "watch":
      return guarded(shard, command.kind, watch(shard, command));
    case "feed":
      return feed(shard, command);
    case "told":
      return guarded(shard, command.kind, told(shard, command));
    case "alive":
      return Promise.resolve(alive(shard, command));
    case "presence":
      return guarded(shard, command.kind, presence(shard, command));
  }
}
