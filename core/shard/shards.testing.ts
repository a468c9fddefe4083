/** Several shards on fake stores, and between them a network that loses, doubles, delays and reorders what they tell each other. */
import { uuidV7 } from "@damso/protocol/ids";
import type { ChannelId, ClientId, UserId } from "@damso/protocol/ids";
import { createFakeStore } from "@damso/contracts/fakes/shard-store";
import type { FakeStore } from "@damso/contracts/fakes/shard-store";
import { groupId } from "../channel/group-id.ts";
import type { Bus, GatewayItem } from "../ports/bus.ts";
import type { Profile } from "../ports/directory.ts";
import type { ShardStore } from "../ports/store.ts";
import type { PushRequest } from "../push/rules.ts";
import { refuse } from "../result.ts";
import type { Result } from "../result.ts";
import type { Answers, Command, CommandKind, Sent } from "./commands.ts";
import { device, person, profileOf, START_MS } from "./scene.testing.ts";
import { createShard } from "./shard.ts";
import type { ShardOwner } from "./shard.ts";

/** `lost`: it does not arrive. `unanswered`: it arrives, its answer does not. `silent`: nobody ever answers. */
export type Fate = "passed" | "lost" | "unanswered" | "silent" | "doubled" | "late";

type Node = {
  shard: ShardOwner;
  store: FakeStore;
  alive: boolean;
  kill(): void;
  killed: Promise<void>;
};

export type Shards = {
  nodes: Node[];
  people: UserId[];
  profiles: Map<UserId, Profile>;
  isDirectoryAway: boolean;
  time: { now: number };
  items: GatewayItem[];
  pushes: PushRequest[];
  warnings: unknown[];
  /** What happens to the next `feed`; absent: it passes. */
  fate: ((command: Command<"feed">) => Fate) | undefined;
  /** Requests still in the network: run in any order. */
  stragglers: (() => void)[];
  /** Where a channel or a user lives. Set before anything happens there. */
  placed: Map<string, number>;
  placeOf(key: string): number;
  homeStore(key: string): FakeStore;
  ask<K extends CommandKind>(command: Command<K>): Promise<Result<Answers[K]>>;
  must<K extends CommandKind>(command: Command<K>): Promise<Answers[K]>;
  client_id(): ClientId;
  send(user_id: UserId, channel: ChannelId, body: string): Promise<Result<Sent>>;
  group(owner: UserId, members: UserId[], at: number): Promise<ChannelId>;
  attach(user_id: UserId): Promise<Answers["attach"]>;
  restart(at: number): Promise<void>;
  /** Time passes and every shard does what is due. */
  tick(ms?: number): Promise<void>;
  /** All faults end, and everything that is under way gets where it is going. */
  settle(): Promise<void>;
};

const USER_KINDS: ReadonlySet<CommandKind> = new Set([
  "attach",
  "detach",
  "sync",
  "ack",
  "ping",
  "read",
  "set",
  "hide",
  "own_channels",
  "own_channel",
  "watch",
  "presence",
  "account",
  "revoke",
  "exchange",
]);

export const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

function spread(key: string): number {
  let value = 7;
  for (let i = 0; i < key.length; i++) value = (value * 31 + key.charCodeAt(i)) % 65_521;
  return value;
}

/** As it would arrive after a network. */
const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

export async function openShards(count: number, users: number): Promise<Shards> {
  const people = Array.from({ length: users }, (_, n) => person(n + 1));
  let serial = 0;
  const scene: Shards = {
    nodes: [],
    people,
    profiles: new Map(people.map((user_id) => [user_id, profileOf(user_id)])),
    isDirectoryAway: false,
    time: { now: START_MS },
    items: [],
    pushes: [],
    warnings: [],
    fate: undefined,
    stragglers: [],
    placed: new Map(people.map((user_id, n) => [user_id, n % count])),
    placeOf: (key) => scene.placed.get(key) ?? spread(key) % count,
    homeStore: (key) => (scene.nodes[scene.placeOf(key)] as Node).store,
    ask: (command) => route(scene, command),
    async must(command) {
      const result = await scene.ask(command);
      if (!result.ok) throw new Error(`${command.kind}: ${result.refusal.code}`);
      return result.value;
    },
    client_id() {
      const random = new Uint8Array(10);
      new DataView(random.buffer).setUint32(4, ++serial);
      return uuidV7(scene.time.now, random);
    },
    send: (user_id, channel, body) =>
      scene.ask({ kind: "send", user_id, channel, client_id: scene.client_id(), body }),
    async group(user_id, members, at) {
      const client_id = scene.client_id();
      const channel = groupId(user_id, client_id);
      scene.placed.set(channel, at);
      await scene.must({ kind: "create_group", user_id, channel, client_id, members });
      return channel;
    },
    attach: (user_id) =>
      scene.must({ kind: "attach", user_id, ...device(user_id, 0), active: true }),
    async restart(at) {
      const node = scene.nodes[at] as Node;
      node.kill();
      await turn();
      scene.nodes[at] = await openNode(scene, at, node.store);
    },
    async tick(ms = 2100) {
      scene.time.now += ms;
      await Promise.all(scene.nodes.map(({ shard }) => shard.tick()));
      await turn();
    },
    settle: () => settle(scene),
  };
  for (let at = 0; at < count; at++) scene.nodes.push(await openNode(scene, at, createFakeStore()));
  return scene;
}

/** More rounds than a lost answer is waited for. */
const ROUNDS = 14;

async function settle(scene: Shards): Promise<void> {
  scene.fate = undefined;
  for (let round = 0; round < ROUNDS; round++) {
    for (const run of scene.stragglers.splice(0)) run();
    await scene.tick();
    await turn();
  }
}

function shardOf(scene: Shards, command: Command): number {
  if ("shard" in command) return command.shard;
  if (USER_KINDS.has(command.kind)) return scene.placeOf((command as { user_id: UserId }).user_id);
  return scene.placeOf((command as { channel: ChannelId }).channel);
}

async function route<K extends CommandKind>(
  scene: Shards,
  command: Command<K>,
): Promise<Result<Answers[K]>> {
  const node = scene.nodes[shardOf(scene, command as Command)] as Node;
  const killed = refuse("unavailable", "the process was killed");
  const answer = node.shard.request(copy(command));
  return copy(await Promise.race([answer, node.killed.then(() => killed)]));
}

/** A `feed` on its way. Lost answers are refusals to the one who asked, as after a time-out. */
function carry(scene: Shards, command: Command<"feed">): Promise<Result<Answers["feed"]>> {
  const arrive = (): Promise<Result<Answers["feed"]>> => route<"feed">(scene, command);
  const later = (): Promise<Result<Answers["feed"]>> =>
    new Promise((resolve) => scene.stragglers.push(() => void arrive().then(resolve)));
  switch (scene.fate?.(command) ?? "passed") {
    case "passed":
      return arrive();
    case "lost":
      return Promise.resolve(refuse("unavailable"));
    case "unanswered":
      return arrive().then(() => Promise.reject(new Error("no answer")));
    case "silent":
      void arrive();
      return new Promise(() => {});
    case "doubled":
      void later();
      return arrive();
    case "late":
      return later();
  }
}

/** A process that was killed commits and sends no more; what it had handed to the disk may land. */
async function openNode(scene: Shards, at: number, store: FakeStore): Promise<Node> {
  const node = { store, alive: true } as Node;
  node.killed = new Promise((resolve) => {
    node.kill = () => {
      node.alive = false;
      resolve();
    };
  });
  const never = new Promise<never>(() => {});
  const ofProcess: ShardStore = {
    ...store,
    commit: (puts) => (node.alive ? store.commit(puts) : never),
  };
  const bus: Bus = {
    request(command) {
      if (!node.alive) return never;
      if (command.kind === "feed") return carry(scene, command as never) as never;
      return route(scene, command);
    },
    send: (_gateway, items) => void (node.alive && scene.items.push(...items)),
    publish() {},
    subscribe: () => () => {},
  };
  node.shard = await createShard({
    shard: at,
    place: { shard: (key) => scene.placeOf(key) },
    store: ofProcess,
    directory: {
      async profile(user_id) {
        if (scene.isDirectoryAway) throw new Error("no directory");
        return scene.profiles.get(user_id);
      },
    },
    bus,
    push: { push: async (request) => void scene.pushes.push(request) },
    clock: { now: () => scene.time.now },
    soon: queueMicrotask,
    observe: {
      committed() {},
      failed: (error) => void scene.warnings.push(error),
      recovered() {},
      warned: (_what, error) => void scene.warnings.push(error),
    },
  });
  return node;
}

/** The live events that gateways got for a user, in the order in which they came. */
export function eventsOf(scene: Shards, user_id: UserId): Record<string, unknown>[] {
  return scene.items.flatMap((item) => {
    if (item.kind !== "event") return [];
    const mine = item.to.filter((to) => to.user_id === user_id);
    return mine.map(
      ({ pos, tail }) =>
        JSON.parse(`{"type":"${item.type}","pos":${pos}${item.shared}${tail}`) as Record<
          string,
          unknown
        >,
    );
  });
}
