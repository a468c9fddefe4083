/**
 * The shard engine alone on a real LevelDB: no sockets, no JSON from the wire. Prints sends per second and CPU per send,
 * for finding out what the engine itself costs. Not a figure of the product.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLevelStore } from "@damso/adapters/leveldb/store";
import type { Bus } from "@damso/core/ports/bus";
import { snowflake } from "@damso/core/ids/snowflake";
import { createShard } from "@damso/core/shard/shard";
import type { ShardOwner } from "@damso/core/shard/shard";
import { directChannel, uuidV7 } from "@damso/protocol/ids";
import type { ClientId, DeviceId, SessionId, UserId } from "@damso/protocol/ids";

const PAIRS = 100;
const WINDOW = Number(process.argv[2] ?? 8);
const SECONDS = Number(process.argv[3] ?? 5);

const path = await mkdtemp(join(tmpdir(), "damso-engine-"));
const store = await openLevelStore(path);
let delivered = 0;
let rows = 0;
let commits = 0;
let shard: ShardOwner;
const bus: Bus = {
  request: (command) => shard.request(command),
  send(_gateway, items) {
    for (const item of items) if (item.kind === "event") delivered += item.to.length;
  },
  publish() {},
  subscribe: () => () => {},
};
const people = Array.from(
  { length: PAIRS * 2 },
  (_, n) => snowflake(Date.now() - 1e6 + n, 0, 0) as UserId,
);
shard = await createShard({
  shard: 0,
  store,
  directory: {
    profile: async (user_id) => ({
      user_id,
      deleted: false,
      presence: "everyone",
      who_may_message: "everyone",
      receipts: true,
      push: { direct: "all", group: "all" },
      has_push: false,
      contacts: new Set(),
      blocks: new Set(),
    }),
  },
  bus,
  push: { push: async () => {} },
  clock: { now: () => Date.now() },
  soon: (run) => void setImmediate(run),
  observe: {
    committed: (stats) => {
      rows += stats.rows;
      commits++;
    },
    failed: console.error,
    recovered() {},
    warned: console.error,
  },
});
for (const user_id of people) {
  const device_id = user_id as unknown as DeviceId;
  const session_id = user_id as unknown as SessionId;
  await shard.request({
    kind: "attach",
    user_id,
    device_id,
    session_id,
    gateway: "g",
    active: true,
  });
}
const random = crypto.getRandomValues(new Uint8Array(10));
let serial = 0;
function nextId(): ClientId {
  new DataView(random.buffer).setUint32(2, ++serial);
  return uuidV7(Date.now(), random);
}

let sent = 0;
const body = "the quick brown fox jumps over the lazy dog";
async function chat(from: UserId, to: UserId, until: number): Promise<void> {
  const channel = directChannel(from, to);
  while (Date.now() < until) {
    const result = await shard.request({
      kind: "send",
      user_id: from,
      channel,
      client_id: nextId(),
      body,
    });
    if (!result.ok) throw new Error(result.refusal.code);
    sent++;
  }
}
async function phase(seconds: number): Promise<void> {
  const until = Date.now() + seconds * 1000;
  const loops: Promise<void>[] = [];
  for (let i = 0; i < PAIRS * 2; i++) {
    const peer = people[i ^ 1] as UserId;
    for (let w = 0; w < WINDOW; w++) loops.push(chat(people[i] as UserId, peer, until));
  }
  await Promise.all(loops);
}
await phase(1);
[sent, rows, commits, delivered] = [0, 0, 0, 0];
const cpu = process.cpuUsage();
const began = performance.now();
await phase(SECONDS);
const took = (performance.now() - began) / 1000;
const used = process.cpuUsage(cpu);
console.log(
  `${Math.round(sent / took)} sends/s, ${((used.user + used.system) / sent).toFixed(1)} us CPU per send, ` +
    `${(rows / sent).toFixed(2)} rows per send, ${(sent / commits).toFixed(0)} sends per commit, delivered ${delivered / sent} per send`,
);
await shard.stop();
await store.close();
await rm(path, { recursive: true, force: true });
