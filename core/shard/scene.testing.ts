/** One shard on a fake store, with people in it: the scene of the tests of the core. */
import { directChannel, uuidV7 } from "@damso/protocol/ids";
import type { ChannelId, ClientId, DeviceId, SessionId, UserId } from "@damso/protocol/ids";
import { createFakeStore } from "@damso/contracts/fakes/shard-store";
import type { FakeStore } from "@damso/contracts/fakes/shard-store";
import { groupId } from "../channel/group-id.ts";
import { snowflake } from "../ids/snowflake.ts";
import type { Bus, GatewayId, GatewayItem, TopicFrame } from "../ports/bus.ts";
import type { Directory, Profile } from "../ports/directory.ts";
import type { PushRequest } from "../push/rules.ts";
import type { Unfinished } from "../ports/push.ts";
import type { ShardStore } from "../ports/store.ts";
import type { TableName } from "../tables.ts";
import { refuse } from "../result.ts";
import type { Result } from "../result.ts";
import type { Answers, Command, CommandKind, SendCommand, Sent } from "./commands.ts";
import type { FeedKept } from "../user/cover.ts";
import type { MemoryMax } from "./memory.ts";
import { createShard } from "./shard.ts";
import type { ShardOwner } from "./shard.ts";

export const START_MS: number = Date.UTC(2026, 10, 23, 12);

export type PushMessage = Extract<PushRequest, { kind: "message" }>;
export type Delivered = { gateway: GatewayId; user_id: UserId; event: Record<string, unknown> };

export type Scene = {
  store: FakeStore;
  shard: ShardOwner;
  /** Virtual time in ms; assign to move it. */
  time: { now: number };
  people: UserId[];
  profiles: Map<UserId, Profile>;
  events: Delivered[];
  items: GatewayItem[];
  topics: { topic: string; frame: TopicFrame }[];
  pushes: PushRequest[];
  warnings: unknown[];
  /** Runs before a read of the store: to wait, or to throw. */
  faults: {
    get?: (table: TableName) => Promise<void>;
    many?: (table: TableName) => Promise<void>;
    /** After the directory has looked, before it answers. */
    profile?: (user_id: UserId) => Promise<void>;
  };
  /** Takes pushes over in place of the list. */
  sink: ((request: PushRequest) => Promise<Unfinished | undefined>) | undefined;
  /** The sink can take notifications back. */
  withdraws: boolean;
  /** From the next restart on. */
  memory_max: MemoryMax | undefined;
  feed_kept: FeedKept | undefined;
  /** For the next opening. */
  batch_units_max: number | undefined;
  ask<K extends CommandKind>(command: Command<K>): Promise<Result<Answers[K]>>;
  /** Asks, and throws on a refusal. */
  must<K extends CommandKind>(command: Command<K>): Promise<Answers[K]>;
  send(
    from: UserId,
    channel: ChannelId,
    body: string,
    more?: Partial<SendCommand>,
  ): Promise<Result<Sent>>;
  group(owner: UserId, members: UserId[]): Promise<ChannelId>;
  direct(a: UserId, b: UserId): ChannelId;
  client_id(): ClientId;
  attach(
    user_id: UserId,
    device?: number,
    feed?: { id: never; pos: number },
  ): Promise<Answers["attach"]>;
  /** Drops everything in memory and starts again on the same store. */
  restart(): Promise<void>;
};

export function person(n: number): UserId {
  return snowflake(START_MS - 1_000_000 + n, 0, 0) as UserId;
}

export function profileOf(user_id: UserId): Profile {
  return {
    user_id,
    deleted: false,
    presence: "everyone",
    who_may_message: "everyone",
    receipts: true,
    push: { direct: "all", group: "all" },
    has_push: false,
    contacts: new Set(),
    blocks: new Set(),
  };
}

export function device(
  user_id: UserId,
  n: number,
): { device_id: DeviceId; session_id: SessionId; gateway: GatewayId } {
  return {
    device_id: `${user_id}d${n}` as DeviceId,
    session_id: `${user_id}s${n}` as SessionId,
    gateway: `g${n % 2}`,
  };
}

function flatten(gateway: GatewayId, item: GatewayItem): Delivered[] {
  if (item.kind !== "event") return [];
  return item.to.map(({ user_id, pos, tail }) => ({
    gateway,
    user_id,
    event: JSON.parse(`{"type":"${item.type}","pos":${pos}${item.shared}${tail}`) as Record<
      string,
      unknown
    >,
  }));
}

export async function openScene(
  count: number,
  store: FakeStore = createFakeStore(),
): Promise<Scene> {
  const people = Array.from({ length: count }, (_, n) => person(n + 1));
  const profiles = new Map(people.map((user_id) => [user_id, profileOf(user_id)]));
  const directory: Directory = {
    async profile(user_id) {
      const profile = profiles.get(user_id);
      await scene.faults.profile?.(user_id);
      return profile;
    },
  };
  const time = { now: START_MS };
  let serial = 0;
  const topics: Scene["topics"] = [];
  const bus: Bus = {
    request: (command) => scene.shard.request(command),
    send(gateway, items) {
      for (const item of items) {
        scene.items.push(item);
        scene.events.push(...flatten(gateway, item));
      }
    },
    publish: (topic, frame) => void topics.push({ topic, frame }),
    subscribe: () => () => {},
  };
  // A process that was killed commits no more and answers no more; what it had handed to the disk may land.
  let kill = (): void => {};
  let killed: Promise<void> = Promise.resolve();
  const unanswered = refuse("unavailable", "the process was killed");
  function ofProcess(): ShardStore {
    let dead = false;
    killed = new Promise((resolve) => {
      kill = () => {
        dead = true;
        resolve();
      };
    });
    const never = new Promise<void>(() => {});
    return {
      ...store,
      commit: (puts) => (dead ? never : store.commit(puts)),
      async get(table, key) {
        await scene.faults.get?.(table);
        return store.get(table, key);
      },
      async many(table, keys) {
        await scene.faults.many?.(table);
        return store.many(table, keys);
      },
    };
  }
  const ask = <K extends CommandKind>(command: Command<K>): Promise<Result<Answers[K]>> =>
    Promise.race([scene.shard.request(command), killed.then(() => unanswered)]);
  const open = (): Promise<ShardOwner> =>
    createShard({
      shard: 0,
      store: ofProcess(),
      ...(scene.memory_max && { memory_max: scene.memory_max }),
      ...(scene.feed_kept && { feed_kept: scene.feed_kept }),
      ...(scene.batch_units_max && { batch_units_max: scene.batch_units_max }),
      directory,
      bus,
      push: {
        async push(request) {
          if (scene.sink) return scene.sink(request);
          scene.pushes.push(request);
          return undefined;
        },
        get withdraws() {
          return scene.withdraws;
        },
      },
      clock: { now: () => time.now },
      soon: queueMicrotask,
      observe: {
        committed() {},
        failed: (error) => void scene.warnings.push(error),
        recovered() {},
        warned: (_what, error) => void scene.warnings.push(error),
      },
    });
  const client_id = (): ClientId => {
    const random = new Uint8Array(10);
    new DataView(random.buffer).setUint32(4, ++serial);
    return uuidV7(time.now, random);
  };
  const scene: Scene = {
    store,
    shard: undefined as never,
    time,
    people,
    profiles,
    events: [],
    items: [],
    topics,
    pushes: [],
    warnings: [],
    faults: {},
    sink: undefined,
    withdraws: false,
    memory_max: undefined,
    feed_kept: undefined,
    batch_units_max: undefined,
    ask,
    async must(command) {
      const result = await ask(command);
      if (!result.ok)
        throw new Error(`${command.kind}: ${result.refusal.code} ${result.refusal.message}`);
      return result.value;
    },
    send: (user_id, channel, body, more) =>
      ask({
        kind: "send",
        user_id,
        channel,
        client_id: client_id(),
        body,
        ...more,
      }),
    async group(owner, members) {
      const id = client_id();
      const channel = groupId(owner, id);
      await scene.must({
        kind: "create_group",
        user_id: owner,
        channel,
        client_id: id,
        members,
        name: "group",
      });
      return channel;
    },
    direct: directChannel,
    client_id,
    attach: (user_id, n = 0, feed) =>
      scene.must({
        kind: "attach",
        user_id,
        ...device(user_id, n),
        active: true,
        ...(feed && { feed }),
      }),
    async restart() {
      kill();
      await new Promise((resolve) => setTimeout(resolve, 0));
      scene.shard = await open();
    },
  };
  await scene.restart();
  return scene;
}

/** A scene of three. */
export async function people(): Promise<{ scene: Scene; ann: UserId; bob: UserId; eve: UserId }> {
  const scene = await openScene(3);
  const [ann, bob, eve] = scene.people as [UserId, UserId, UserId];
  return { scene, ann, bob, eve };
}

/** The frames that homes sent beside events: presence. */
export function frames(scene: Scene): Record<string, unknown>[] {
  return scene.items.flatMap((item) =>
    item.kind === "frame" ? [JSON.parse(item.frame) as Record<string, unknown>] : [],
  );
}

/** What was told to those who have a channel open. */
export function topics(scene: Scene): Record<string, unknown>[] {
  return scene.topics.map(({ frame }) => JSON.parse(frame.frame) as Record<string, unknown>);
}

/** Time passes, and the shard does what is due. */
export async function later(scene: Scene, ms: number): Promise<void> {
  scene.time.now += ms;
  await scene.shard.tick();
  // What the tick started beside itself runs on promises only.
  await new Promise((resolve) => setTimeout(resolve, 0));
}
