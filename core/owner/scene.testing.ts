/** Some nodes that share the shards of a log and a table in memory, under one clock that tests move. */
import type { UserId } from "@damso/protocol/ids";
import type { Discovery, NodeRecord } from "../ports/discovery.ts";
import { logFailure } from "../log/failure.ts";
import { logScene, outcome } from "../log/scene.testing.ts";
import type { LogScene } from "../log/scene.testing.ts";
import type { LogStore } from "../log/store.ts";
import { done, refuse } from "../result.ts";
import type { Command } from "../shard/commands.ts";
import type { ShardOwner } from "../shard/shard.ts";
import { createOwner } from "./owner.ts";
import type { Owner } from "./owner.ts";

export const SHARDS = 8;

export type TestNode = {
  name: string;
  owner: Owner;
  told: string[];
  /** How often each of its shards was ticked. */
  ticked: Map<number, number>;
  /** What its bus has published. */
  published: string[];
  stores: Map<number, LogStore>;
  /** What its calls of discovery wait for. */
  faults: { cut: boolean; late?: Promise<void> };
  /** A dead node is not ticked. */
  alive: boolean;
  record: NodeRecord;
};

export type Cluster = {
  time: { now: number };
  logs: LogScene[];
  nodes: TestNode[];
  add(name: string): TestNode;
  /** Moves the clock by 50 ms at a time, and ticks every living node. */
  pass(ms: number): Promise<void>;
  /** Commits one row through a shard of a node; answers as `request` does. */
  put(node: TestNode, shard: number, text: string): Promise<string>;
  leases: Map<number, { node: string; until: number }>;
  listed: Map<string, NodeRecord>;
};

/** Lets everything run that waits for no clock. */
export async function settle(): Promise<void> {
  for (let turns = 0; turns < 5; turns++) await new Promise((resolve) => setImmediate(resolve));
}

export function cluster(): Cluster {
  const scene: Cluster = {
    time: { now: 0 },
    logs: Array.from({ length: SHARDS }, logScene),
    nodes: [],
    leases: new Map(),
    listed: new Map(),
    add: (name) => addNode(scene, name),
    async pass(ms) {
      for (let passed = 0; passed < ms; passed += 50) {
        scene.time.now += 50;
        for (const node of scene.nodes) if (node.alive) void node.owner.tick();
        await settle();
      }
    },
    async put(node, shard, text) {
      const command = { kind: "told", shard, target: 0, text } as unknown as Command<"told">;
      const answer = await node.owner.request(command);
      return answer.ok ? "ok" : answer.refusal.code;
    },
  };
  return scene;
}

function addNode(scene: Cluster, name: string): TestNode {
  const record = {
    node_id: name,
    roles: ["shard"],
    region: "eu",
    zone: "a",
    capacity: 0,
    connections: 0,
    draining: false,
  };
  const told: string[] = [];
  const published: string[] = [];
  const ticked: TestNode["ticked"] = new Map();
  const stores = new Map<number, LogStore>();
  const faults: TestNode["faults"] = { cut: false };
  const owner = createOwner({
    node_id: name,
    life: `${name}#1`,
    bus: { publish: (_topic, { frame }) => void published.push(frame) },
    shards: SHARDS,
    discovery: discovery(scene, faults),
    monotonic: () => scene.time.now,
    async openStore(shard, signal) {
      const log = scene.logs[shard] as LogScene;
      const store = await log.open({ shard, signal });
      stores.set(shard, store);
      return store;
    },
    openShard: async (shard, store) =>
      testShard(store, () => void ticked.set(shard, (ticked.get(shard) ?? 0) + 1)),
    observe: {
      opened: (shard) => void told.push(`opened ${shard}`),
      ended: (shard, why) => void told.push(`${why} ${shard}`),
      alarmed: (shard) => void told.push(`alarmed ${shard}`),
      warned: (what) => void told.push(`warned ${what}`),
    },
  });
  const alive = true;
  const node: TestNode = { name, owner, told, ticked, published, stores, faults, alive, record };
  scene.listed.set(name, record);
  scene.nodes.push(node);
  return node;
}

function discovery(
  { leases, listed, time }: Cluster,
  faults: TestNode["faults"],
): Pick<Discovery, "list" | "lease" | "release" | "owners"> {
  const reach = async (): Promise<void> => {
    if (faults.cut) throw new Error("no answer");
    await faults.late;
  };
  const free = (shard: number): boolean => (leases.get(shard)?.until ?? 0) <= time.now;
  return {
    async list() {
      await reach();
      return [...listed.values()];
    },
    async owners() {
      await reach();
      const held = [...leases].filter(([shard]) => !free(shard));
      return new Map(held.map(([shard, { node }]) => [shard, node]));
    },
    async lease(shard, node, ttl_ms) {
      await reach();
      if (!free(shard) && leases.get(shard)?.node !== node) return false;
      leases.set(shard, { node, until: time.now + ttl_ms });
      return true;
    },
    async release(shard, node) {
      await reach();
      if (leases.get(shard)?.node === node) leases.delete(shard);
    },
  };
}

/** Commits what it is asked, and nothing else of what a shard does. */
function testShard(store: LogStore, ticked: () => void): ShardOwner {
  let under_way: Promise<string> = Promise.resolve("ok");
  return {
    async request(command) {
      const { text } = command as unknown as { text: string };
      const key = [text as UserId] as const;
      const row = { covered: 0, tail: 0, ages: [] };
      under_way = outcome(store.commit([{ table: "users", key, row }]));
      return (await under_way) === "ok" ? (done({}) as never) : refuse("unavailable");
    },
    async tick() {
      ticked();
    },
    pushDue() {},
    async stop() {
      await under_way;
    },
    forsake() {},
    failure: () => undefined,
    sizes: () => {
      throw logFailure("closed", "not asked for");
    },
  };
}
