/**
 * The shards of one node: takes leases on those that are its own, opens them, answers for them while the lease lasts, and
 * gives them up when it should or must. Rules S13, S17, S18.
 */
import { isHole } from "../log/failure.ts";
import type { LogStore } from "../log/store.ts";
import type { Bus } from "../ports/bus.ts";
import type { Discovery } from "../ports/discovery.ts";
import type { Signal } from "../ports/signal.ts";
import { refuse } from "../result.ts";
import type { Result } from "../result.ts";
import type { Answers, Command, CommandKind } from "../shard/commands.ts";
import type { ShardOwner } from "../shard/shard.ts";
import { isValid, newLease, renew } from "./lease.ts";
import type { Lease } from "./lease.ts";
import { tellOwned } from "./moved.ts";
import { shardOf } from "./place.ts";
import { endTenure, leave, newTenure, openTenure, tickTenure } from "./tenure.ts";
import type { Tenure } from "./tenure.ts";
import { createWanted } from "./wanted.ts";

export type OwnerObserver = {
  opened(shard: number): void;
  /** The shard is not answered for any more. */
  ended(shard: number, why: "fenced" | "lapsed" | "lost" | "left"): void;
  /** Records are missing: this node holds the lease and does not open the shard again. Invariant I25. */
  alarmed(shard: number, error: unknown): void;
  /** Something failed and will be tried again. */
  warned(what: string, error: unknown): void;
};

export type OwnerDeps = {
  node_id: string;
  /** Another one for each start of this node. */
  life: string;
  bus: Pick<Bus, "publish">;
  /** How many there are in the cluster. */
  shards: number;
  discovery: Pick<Discovery, "list" | "lease" | "release" | "owners">;
  /** Milliseconds since any moment; never steps back. */
  monotonic(): number;
  /** `signal` aborts when the shard is not this node's any more. */
  openStore(shard: number, signal: Signal): Promise<LogStore>;
  openShard(shard: number, store: LogStore): Promise<ShardOwner>;
  observe: OwnerObserver;
};

export type Owner = {
  /** `unavailable` for a shard that this node may not answer for: ask again, elsewhere. */
  request<K extends CommandKind>(command: Command<K>): Promise<Result<Answers[K]>>;
  /**
   * Ten times a second or so, without waiting for the one before: a call that hangs must keep no lease from being renewed.
   * Resolves when what it began has ended.
   */
  tick(): Promise<void>;
  /** Gives everything up in order; ticks must go on meanwhile. Bounded by its caller: a store may not answer. */
  drain(): Promise<void>;
  /** This node answers for the shard now. */
  owns(shard: number): boolean;
  /** Why a shard of this node refuses writes at the moment, or undefined. */
  failure(): unknown;
};

const SURVEY_MS = 500;
const REOPEN_MS = 500;
/** Those who did not hear it are told again. */
const TELL_MS = 5000;

/** A shard that this node has or wants. */
type Slot = {
  shard: number;
  lease: Lease;
  tenure: Tenure | undefined;
  open_at: number;
  /** Set while the shard is being given up, which is not taken back. */
  going: Promise<void> | undefined;
};
type Node = OwnerDeps & {
  slots: Map<number, Slot>;
  wanted: ReturnType<typeof createWanted>;
  /** Shards with a hole in their log. */
  alarms: Map<number, unknown>;
  surveyed_at: number;
  surveying: boolean;
  /** Since the start. */
  tenures: number;
};

export function createOwner(deps: OwnerDeps): Owner {
  const node: Node = {
    ...deps,
    slots: new Map(),
    wanted: createWanted(deps.node_id, deps.shards),
    alarms: new Map(),
    surveyed_at: -Infinity,
    surveying: false,
    tenures: 0,
  };
  return {
    request: (command) => request(node, command as Command) as Promise<never>,
    tick: () => tick(node),
    async drain() {
      node.wanted.none();
      await Promise.all([...node.slots.values()].map((slot) => giveUp(node, slot)));
    },
    owns: (shard) => tenureOf(node, node.slots.get(shard)) !== undefined,
    failure: () => [...node.alarms.values(), ...failures(node)][0],
  };
}

function failures({ slots }: Node): unknown[] {
  return [...slots.values()]
    .map(({ tenure }) => tenure?.owner?.failure())
    .filter((failure) => failure !== undefined);
}

/** The tenure that may answer now. */
function tenureOf(node: Node, slot: Slot | undefined): Tenure | undefined {
  const tenure = slot?.tenure;
  if (!slot || !tenure?.owner || tenure.over || tenure.store?.fenced()) return undefined;
  return isValid(slot.lease, node.monotonic()) ? tenure : undefined;
}

/** The lease is looked at again when the answer is there: while it was made, another node may have become the owner. */
async function request(node: Node, command: Command): Promise<Result<unknown>> {
  const slot = node.slots.get(shardOf(command, node.shards));
  const tenure = tenureOf(node, slot);
  if (!tenure?.owner || tenure.leaving) return refuse("unavailable");
  const answer = await tenure.owner.request(command);
  return tenureOf(node, slot) === tenure ? answer : refuse("unavailable");
}

async function tick(node: Node): Promise<void> {
  const work = [survey(node)];
  for (let shard = 0; shard < node.shards; shard++) {
    if (node.wanted.has(shard)) slotOf(node, shard);
  }
  for (const slot of node.slots.values()) work.push(step(node, slot));
  await Promise.all(work);
}

async function survey(node: Node): Promise<void> {
  const now = node.monotonic();
  if (node.surveying || now - node.surveyed_at < SURVEY_MS) return;
  node.surveying = true;
  node.surveyed_at = now;
  try {
    const [records, owners] = await Promise.all([node.discovery.list(), node.discovery.owners()]);
    node.wanted.survey(records, owners, node.monotonic());
  } catch (error) {
    node.observe.warned("survey", error);
  }
  node.surveying = false;
}

function slotOf(node: Node, shard: number): Slot {
  let slot = node.slots.get(shard);
  if (!slot) {
    slot = { shard, lease: newLease(), tenure: undefined, open_at: -Infinity, going: undefined };
    node.slots.set(shard, slot);
  }
  return slot;
}

async function step(node: Node, slot: Slot): Promise<void> {
  const now = node.monotonic();
  if (slot.tenure?.store?.fenced()) end(node, slot, "fenced");
  // A gap: somebody may have come and gone meanwhile, so what is in memory may be old.
  if (!isValid(slot.lease, now)) end(node, slot, "lapsed");
  tellDue(node, slot, now);
  const work = [ask(node, slot)];
  // Until it has left it goes on answering, and what it has told others may have to be told again.
  if (slot.tenure) work.push(tickTenure(slot.tenure, now));
  if (slot.going || !node.wanted.has(slot.shard)) work.push(giveUp(node, slot));
  else if (!slot.tenure) work.push(open(node, slot));
  await Promise.all(work);
}

function tellDue(node: Node, slot: Slot, now: number): void {
  const tenure = tenureOf(node, slot);
  if (!tenure || now - tenure.told_at < TELL_MS) return;
  tenure.told_at = now;
  const { bus, life, shards } = node;
  tellOwned(bus, { shard: slot.shard, shards, tenure: `${life}/${tenure.number}` });
}

/** Takes or renews the lease, when that is due. */
async function ask(node: Node, slot: Slot): Promise<void> {
  const { discovery, node_id } = node;
  if (!slot.tenure && (slot.going || !node.wanted.has(slot.shard))) return;
  const take = (ttl_ms: number): Promise<boolean> => discovery.lease(slot.shard, node_id, ttl_ms);
  try {
    const outcome = await renew(slot.lease, take, () => node.monotonic());
    if (outcome === "lost") end(node, slot, "lost");
    // It was on its way while the shard was given up, and has taken what had just been released.
    if (outcome !== "lost" && outcome !== "waiting" && isGone(node, slot))
      return await discovery.release(slot.shard, node_id);
    if (outcome === "taken") {
      end(node, slot, "lapsed");
      await open(node, slot);
    }
  } catch (error) {
    node.observe.warned("lease", error);
  }
}

/** Given up, and not wanted again since. */
function isGone({ slots }: Node, slot: Slot): boolean {
  const known = slots.get(slot.shard);
  return slot.going !== undefined && !slot.tenure && (known === slot || known === undefined);
}

async function open(node: Node, slot: Slot): Promise<void> {
  const { shard } = slot;
  const now = node.monotonic();
  if (slot.tenure || slot.going || node.alarms.has(shard) || now < slot.open_at) return;
  if (!isValid(slot.lease, now) || node.slots.get(shard) !== slot) return;
  const tenure = newTenure(shard, ++node.tenures, now);
  slot.tenure = tenure;
  slot.open_at = now + REOPEN_MS;
  try {
    await openTenure(node, tenure);
  } catch (error) {
    failed(node, slot, tenure, error);
  }
}

function failed(node: Node, slot: Slot, tenure: Tenure, error: unknown): void {
  if (isHole(error)) {
    node.alarms.set(slot.shard, error);
    node.observe.alarmed(slot.shard, error);
  } else if (!tenure.over) node.observe.warned("open", error);
  void endTenure(tenure);
  if (slot.tenure === tenure) slot.tenure = undefined;
}

function end(node: Node, slot: Slot, why: Parameters<OwnerObserver["ended"]>[1]): void {
  const { tenure } = slot;
  if (!tenure) return;
  slot.tenure = undefined;
  void endTenure(tenure);
  node.observe.ended(slot.shard, why);
}

/** Leaves the shard and lets the next node have it at once. */
function giveUp(node: Node, slot: Slot): Promise<void> {
  slot.going ??= go(node, slot);
  return slot.going;
}

async function go(node: Node, slot: Slot): Promise<void> {
  const { shard, tenure } = slot;
  try {
    if (tenure?.owner) await leave(tenure);
    end(node, slot, "left");
    await node.discovery.release(shard, node.node_id);
  } catch (error) {
    // The lease ends by itself.
    node.observe.warned("leave", error);
  }
  end(node, slot, "left");
  if (node.slots.get(shard) === slot) node.slots.delete(shard);
}
