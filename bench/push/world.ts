/** One shard on a store, with a notifier behind it and people who have a browser each and never look. */
import { DEFAULT_SETTINGS } from "@damso/core/ports/account-records";
import type { Subscription, User } from "@damso/core/ports/account-records";
import type { Bus } from "@damso/core/ports/bus";
import type { Profile } from "@damso/core/ports/directory";
import type { PushSender } from "@damso/core/ports/push";
import type { ShardStore } from "@damso/core/ports/store";
import { snowflake } from "@damso/core/ids/snowflake";
import { createShard } from "@damso/core/shard/shard";
import type { ShardOwner } from "@damso/core/shard/shard";
import { directChannel, uuidV7 } from "@damso/protocol/ids";
import type { ChannelId, ClientId, DeviceId, Seq, UserId } from "@damso/protocol/ids";
import { createPushCounters } from "@damso/server/notifier/counters";
import type { PushCounters } from "@damso/server/notifier/counters";
import { createNotifier } from "@damso/server/notifier/notifier";
import type { NotifierDeps } from "@damso/server/notifier/notifier";

export type WorldOptions = {
  store: ShardStore;
  /** Pairs of somebody who writes and somebody whose browser is pushed. */
  pairs: number;
  sender: PushSender;
  endpoint: (pair: number) => string;
  keys: { p256dh: string; auth: string };
  clock: { now(): number };
  after(ms: number, run: () => void): () => void;
  random: { next(): number };
};

export type PushWorld = {
  shard: ShardOwner;
  /** A message of the pair, whose seq comes when it is committed. */
  send(pair: number): Promise<Seq>;
  channel(pair: number): ChannelId;
  /** What came of the deliveries. */
  counters: PushCounters;
};

const people = new Map<number, UserId>();

/** The same people in every life of a store. */
function person(n: number): UserId {
  const known = people.get(n) ?? (snowflake(1_780_000_000_000 + n, 0, 0) as UserId);
  people.set(n, known);
  return known;
}

export async function openWorld(options: WorldOptions): Promise<PushWorld> {
  const { clock } = options;
  const writer = (pair: number): UserId => person(pair * 2);
  const reader = (pair: number): UserId => person(pair * 2 + 1);
  const pairOf = new Map(Array.from({ length: options.pairs }, (_, n) => [reader(n) as string, n]));
  let shard: ShardOwner;
  const bus: Bus = {
    request: (command) => shard.request(command),
    send() {},
    publish() {},
    subscribe: () => () => {},
  };
  const counters = createPushCounters();
  const notifier = createNotifier({
    accounts: accountsOf(options, pairOf),
    bus,
    senders: { webpush: options.sender },
    clock,
    timers: { after: (ms, run) => options.after(ms, run) },
    random: options.random,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    counters,
    delayed: () => {},
  });
  shard = await createShard({
    shard: 0,
    store: options.store,
    directory: { profile: async (user_id) => profileOf(user_id, pairOf.has(user_id)) },
    bus,
    push: notifier,
    clock,
    soon: (run) => void setImmediate(run),
    observe: { committed() {}, failed() {}, recovered() {}, warned() {} },
  });
  return {
    shard,
    channel: (pair) => directChannel(writer(pair), reader(pair)),
    counters,
    async send(pair) {
      const result = await shard.request({
        kind: "send",
        user_id: writer(pair),
        channel: directChannel(writer(pair), reader(pair)),
        client_id: clientId(clock.now()),
        body: "A message of an ordinary length, as people write them all day long.",
      });
      if (!result.ok) throw new Error(result.refusal.code);
      return result.value.seq;
    },
  };
}

const clientId = (now: number): ClientId => uuidV7(now, crypto.getRandomValues(new Uint8Array(10)));

function profileOf(user_id: UserId, has_push: boolean): Profile {
  return {
    user_id,
    deleted: false,
    presence: "everyone",
    who_may_message: "everyone",
    receipts: true,
    push: { direct: "all", group: "all" },
    has_push,
    contacts: new Set(),
    blocks: new Set(),
  };
}

/** The two calls of the accounts store that a notifier makes for each push, and the one for a subscription that is gone. */
function accountsOf(
  { endpoint, keys }: WorldOptions,
  pairOf: Map<string, number>,
): NotifierDeps["accounts"] {
  const subscriptions = {
    async listByUser(user_id: UserId): Promise<Subscription[]> {
      const pair = pairOf.get(user_id);
      if (pair === undefined) return [];
      const target = { kind: "webpush" as const, endpoint: endpoint(pair), keys };
      return [{ device_id: `${user_id}0` as DeviceId, user_id, target, created_at: 0 }];
    },
    remove: async () => {},
  };
  return { subscriptions, users: { byIds: async () => [ANN] } };
}

/** Whoever writes. */
const ANN: User = {
  user_id: person(0),
  username: "ann",
  name: "Ann",
  avatar: null,
  about: "",
  locale: null,
  settings: DEFAULT_SETTINGS,
  created_at: 0,
  deleted_at: null,
};
