/**
 * Pushes under faults on a clock of its own: a shard on LevelDB, a push service that refuses, fails, hangs, loses answers,
 * and a server that is killed every so often. Counts what came twice and what never came. Rules N5, N6; invariant I14.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLevelStore } from "@damso/adapters/leveldb/store";
import type { Delivery, PushSender, SendOutcome } from "@damso/core/ports/push";
import type { ShardStore } from "@damso/core/ports/store";
import { createRandom } from "@damso/tools/rig/random.testing";
import type { PushWorld } from "./world.ts";
import { openWorld } from "./world.ts";

export type FaultFigures = {
  pushes: number;
  posts: number;
  refused: number;
  crashes: number;
  /** Taken over again by the life after a crash, under the same collapse key: a device shows one. */
  doubles_at_crashes: number;
  /** Taken over twice by one life of the server. */
  doubles: number;
  /** Channels whose newest message never came. */
  misses: number;
};

const PAIRS = 2000;
const STEP_MS = 50;
const SENDS_A_STEP = 50;
/** Long enough for all that was refused to be tried again. */
const QUIET_STEPS = 4000;
const CRASH_CHANCE = 0.01;
const START = 1_795_000_000_000;

type Run = {
  now: number;
  chance: () => number;
  timers: { at: number; run: () => void }[];
  store: ShardStore;
  world: PushWorld;
  /** Counts the lives of the server; what an earlier one still does comes to nothing. */
  life: number;
  posts: number;
  refused: number;
  /** By channel: the newest message, and the newest that was taken over. */
  owed: Map<string, number>;
  newest: Map<string, number>;
  /** By channel and seq: the lives that had it taken over. */
  taken: Map<string, number[]>;
};

export async function runFaults(pushes: number, seed: number): Promise<FaultFigures> {
  const path = await mkdtemp(join(tmpdir(), "damso-push-faults-"));
  const random = createRandom(seed);
  const run = newRun(() => random.next(), await openLevelStore(path));
  try {
    await restart(run);
    for (let sent = 0; sent < pushes; sent += SENDS_A_STEP) {
      const pile = Array.from({ length: SENDS_A_STEP }, (_, n) => send(run, sent + n));
      await Promise.all(pile);
      if (run.chance() < CRASH_CHANCE) await restart(run);
      await step(run);
    }
    for (let quiet = 0; quiet < QUIET_STEPS; quiet++) await step(run);
    return figuresOf(run, pushes);
  } finally {
    await run.store.close();
    await rm(path, { recursive: true, force: true });
  }
}

const newRun = (chance: () => number, store: ShardStore): Run => ({
  now: START,
  chance,
  timers: [],
  store,
  world: undefined as never,
  life: 0,
  posts: 0,
  refused: 0,
  owed: new Map(),
  newest: new Map(),
  taken: new Map(),
});

/** Kills what runs: it neither writes nor posts any more, and its timers are gone. */
async function restart(run: Run): Promise<void> {
  const life = ++run.life;
  const alive = (): boolean => run.life === life;
  run.timers = [];
  run.world = await openWorld({
    store: mortal(run.store, alive),
    pairs: PAIRS,
    sender: senderOf(run, life),
    endpoint: (pair) => `https://push${pair % 3}.example/${pair}`,
    keys: { p256dh: "", auth: "" },
    clock: { now: () => run.now },
    after: (ms, then) => {
      if (alive()) run.timers.push({ at: run.now + ms, run: then });
      return () => {};
    },
    random: { next: run.chance },
  });
}

/** What a killed process wrote before is there; it writes nothing after. */
function mortal(store: ShardStore, alive: () => boolean): ShardStore {
  const never = new Promise<never>(() => {});
  return { ...store, commit: (puts, signal) => (alive() ? store.commit(puts, signal) : never) };
}

async function send({ world, owed }: Run, nth: number): Promise<void> {
  const pair = nth % PAIRS;
  owed.set(world.channel(pair), await world.send(pair));
}

async function step(run: Run): Promise<void> {
  run.now += STEP_MS;
  const due = run.timers.filter(({ at }) => at <= run.now);
  run.timers = run.timers.filter(({ at }) => at > run.now);
  for (const { run: then } of due) then();
  run.world.shard.pushDue();
  if (run.now % 500 === 0) void run.world.shard.tick();
  // Time for the store to do what was set off.
  await Bun.sleep(1);
}

const senderOf = (run: Run, life: number): PushSender => ({
  send: (delivery) => answer(run, life, delivery),
  serviceOf: (target) => (target.kind === "webpush" ? new URL(target.endpoint).host : target.kind),
  refusal: () => undefined,
  close: () => Promise.resolve(),
});

async function answer(
  run: Run,
  life: number,
  { notice, collapse }: Delivery,
): Promise<SendOutcome> {
  const fate = run.chance();
  await pause(run, 20 + run.chance() * 200);
  if (run.life !== life) return new Promise(() => {});
  run.posts++;
  if (fate < 0.12) return refuse(run, fate);
  const name = `${collapse}/${notice.seq}`;
  run.taken.set(name, [...(run.taken.get(name) ?? []), life]);
  run.newest.set(collapse, Math.max(run.newest.get(collapse) ?? 0, notice.seq));
  // The server may die between here and the answer.
  await pause(run, 20 + run.chance() * 100);
  return { outcome: "sent" };
}

async function refuse(run: Run, fate: number): Promise<SendOutcome> {
  run.refused++;
  if (fate < 0.02) await pause(run, 10_000);
  return fate < 0.06
    ? { outcome: "later", why: "503" }
    : { outcome: "later", why: "429", after_ms: 3000 };
}

const pause = (run: Run, ms: number): Promise<void> =>
  new Promise((resolve) => run.timers.push({ at: run.now + ms, run: resolve }));

function figuresOf(run: Run, pushes: number): FaultFigures {
  let [doubles, doubles_at_crashes, misses] = [0, 0, 0];
  for (const lives of run.taken.values()) {
    const distinct = new Set(lives).size;
    doubles += lives.length - distinct;
    doubles_at_crashes += distinct - 1;
  }
  for (const [channel, seq] of run.owed) if ((run.newest.get(channel) ?? 0) < seq) misses++;
  const { posts, refused, life } = run;
  return { pushes, posts, refused, crashes: life - 1, doubles_at_crashes, doubles, misses };
}
