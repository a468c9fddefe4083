/**
 * `npm run bench:push`: how many pushes a core sends, how late they go at 1,000 a second, and what is doubled or lost in
 * 100,000 pushes under faults. The service is a process of its own, which takes 50 ms to answer.
 */
import { createECDH, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLevelStore } from "@damso/adapters/leveldb/store";
import { createPost } from "@damso/adapters/outbound/dial";
import { openWebPush } from "@damso/adapters/webpush/open";
import { createVapid, deriveVapid } from "@damso/adapters/webpush/vapid";
import type { PushSender } from "@damso/core/ports/push";
import { createHistogram, percentile, record } from "./measure/histogram.ts";
import { runFaults } from "./push/faults.ts";
import { openWorld } from "./push/world.ts";

const RATE = 1000;
const SECONDS = Number(process.argv[2] ?? 30);
const FAULT_PUSHES = Number(process.argv[3] ?? 100_000);
const PAIRS = 5000;

const pair = createECDH("prime256v1");
pair.generateKeys();
const keys = {
  p256dh: pair.getPublicKey("base64url"),
  auth: randomBytes(16).toString("base64url"),
};

const service = Bun.spawn([process.execPath, join(import.meta.dir, "push/service.ts"), "50"], {
  stdout: "pipe",
});
const origin = `http://127.0.0.1:${await firstLine(service.stdout)}`;
try {
  await measureSending();
  await measureLateness();
  await measureFaults();
} finally {
  service.kill();
}

async function firstLine(output: ReadableStream<Uint8Array>): Promise<string> {
  for await (const piece of output) return new TextDecoder().decode(piece).trim();
  throw new Error("the push service did not start");
}

function createSender(): PushSender {
  const now = (): number => Date.now();
  return openWebPush({
    vapid: createVapid(deriveVapid(new Uint8Array(32)), {
      subject: "mailto:bench@damso.example",
      now,
    }),
    post: createPost({ lookup: async () => [], anywhere: true }),
    services: [],
    anywhere: true,
    page: "https://chat.example/",
    now,
  });
}

async function took(): Promise<[endpoint: string, at: number][]> {
  return (await fetch(`${origin}/took`)).json() as Promise<[string, number][]>;
}

/** Encryption, signing and the POST of this process, with 256 under way at a time. */
async function measureSending(): Promise<void> {
  const sender = createSender();
  const target = { kind: "webpush" as const, endpoint: `${origin}/x`, keys };
  const notice = {
    kind: "message" as const,
    channel: "g1500000000000000001",
    seq: 1,
    pos: 1,
    title: "Ann",
    body: "A message of an ordinary length, as people write them all day long.",
    count: 1,
    badge: 1,
    silent: false,
  };
  const count = 20_000;
  let begun = 0;
  let failed = 0;
  const lane = async (): Promise<void> => {
    while (begun++ < count) {
      const { outcome } = await sender.send({
        target,
        notice,
        collapse: notice.channel,
        ttl_s: 60,
      });
      if (outcome !== "sent") failed++;
    }
  };
  const since = process.cpuUsage();
  const start = performance.now();
  await Promise.all(Array.from({ length: 256 }, lane));
  const wall_s = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(since);
  const cpu_s = (user + system) / 1e6;
  await took();
  say("pushes per second of one core", Math.round(count / cpu_s));
  say("pushes per second, this machine", Math.round(count / wall_s));
  say("of them not taken", failed);
}

/** A shard on LevelDB: from the commit of a message until its POST arrives, at `RATE` messages a second. */
async function measureLateness(): Promise<void> {
  const path = await mkdtemp(join(tmpdir(), "damso-push-"));
  const store = await openLevelStore(path);
  const marks = new Map<string, number[]>();
  const world = await openWorld({
    store,
    pairs: PAIRS,
    sender: createSender(),
    endpoint: (n) => `${origin}/${n}`,
    keys,
    clock: { now: () => Date.now() },
    after: (ms, run) => {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    random: { next: Math.random },
  });
  const ticks = setInterval(() => void world.shard.tick(), 500);
  const pushes = setInterval(() => world.shard.pushDue(), 50);
  const since = process.cpuUsage();
  const sent = await sendAtRate(marks, (n) => world.send(n));
  const arrived = await collect(sent);
  const { user, system } = process.cpuUsage(since);
  clearInterval(ticks);
  clearInterval(pushes);
  await world.shard.stop();
  await store.close();
  await rm(path, { recursive: true, force: true });
  const histogram = createHistogram();
  for (const [endpoint, at] of arrived) {
    const committed = marks.get(endpoint)?.shift();
    if (committed !== undefined) record(histogram, (at - committed) * 1000);
  }
  const ms = (share: number): number => Math.round(percentile(histogram, share) / 1000);
  say(`messages, at ${RATE} a second`, sent);
  say("POSTs that arrived", arrived.length);
  say("tried again later", world.counters.outcomes.later);
  if (world.counters.outcomes.later > 0) console.log(world.counters.reasons);
  say("from commit to POST, p50, ms", ms(0.5));
  say("from commit to POST, p99, ms (target 2500)", ms(0.99));
  say("processor time for commit, judging and push, µs", Math.round((user + system) / sent));
}

async function sendAtRate(
  marks: Map<string, number[]>,
  send: (pair: number) => Promise<unknown>,
): Promise<number> {
  const start = performance.now();
  const under_way: Promise<unknown>[] = [];
  let sent = 0;
  while (sent < RATE * SECONDS) {
    const due = Math.min(RATE * SECONDS, Math.floor(((performance.now() - start) / 1000) * RATE));
    for (; sent < due; sent++) {
      const n = sent % PAIRS;
      const noted = send(n).then(() =>
        marks.set(`/${n}`, [...(marks.get(`/${n}`) ?? []), Date.now()]),
      );
      under_way.push(noted);
    }
    await Bun.sleep(2);
  }
  await Promise.all(under_way);
  return sent;
}

/** Until all have arrived, or nothing comes any more. */
async function collect(count: number): Promise<[string, number][]> {
  const arrived: [string, number][] = [];
  for (let idle = 0; arrived.length < count && idle < 20; idle++) {
    const more = await took();
    if (more.length > 0) idle = 0;
    arrived.push(...more);
    await Bun.sleep(500);
  }
  return arrived;
}

async function measureFaults(): Promise<void> {
  const figures = await runFaults(FAULT_PUSHES, 7);
  for (const [name, value] of Object.entries(figures))
    say(`under faults: ${name.replaceAll("_", " ")}`, value);
}

function say(what: string, value: number): void {
  console.log(`${what.padEnd(52)} ${String(value).padStart(9)}`);
}
