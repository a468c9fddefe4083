/**
 * Three nodes on real engines under load, hurt again and again: each node, each engine, all at once. Clients go to whatever
 * node they find, and write down all they see; every ten faults the journal is held against the histories and forgotten.
 * `DAMSO_CHAOS_HURTS` says how often, `DAMSO_CHAOS_SENDS` how many sends are acknowledged at least, `DAMSO_CHAOS_ENGINES`
 * whether NATS and Cassandra have one node each or three.
 */
import { afterAll, expect, test } from "bun:test";
import { startCluster } from "../cluster/cluster.ts";
import {
  addGroups,
  createCast,
  readTruth,
  renewGroups,
  renewReaders,
  sendAgain,
} from "../rig/cast.testing.ts";
import {
  calm,
  engineHurts,
  hurt,
  LINK_HURTS,
  load,
  mountDisks,
  NODE_HURTS,
  openLinks,
  percentile,
  said,
  through,
  warm,
} from "../rig/chaos.testing.ts";
import type { Chaos, Links, Outcome } from "../rig/chaos.testing.ts";
import { chatter, chatterFaults, createChatters, endChatters } from "../rig/chatters.testing.ts";
import type { Cast } from "../rig/cast.testing.ts";
import { faultsOf } from "../rig/checks.testing.ts";
import { settled } from "../rig/http.testing.ts";
import type { SendNote } from "../rig/journal.testing.ts";
import { checkPasts, forget, sample } from "../rig/mixed/forget.testing.ts";
import { countOf, createRandom, seedOf } from "../rig/random.testing.ts";
import type { Random } from "../rig/random.testing.ts";
import { endRig, killServers } from "../rig/server.ts";
import { cassandraNodes, natsNodes, postgresNode } from "../services/services.ts";

const HURTS = countOf("DAMSO_CHAOS_HURTS", 5);
const SENDS = countOf("DAMSO_CHAOS_SENDS", 1);
/** From here on everybody writes into many channels and without a pause. */
const MANY = 10_000;
/** Faults after which everything is judged. */
const ROUND = 10;
const COPIES = process.env["DAMSO_CHAOS_ENGINES"] === "3" ? 3 : 1;
const NODES = 3;
const SHARDS = 8;
const DAY = 24 * 3_600_000;

const ending: (() => Promise<void>)[] = [];

afterAll(async () => {
  await killServers();
  for (const end of ending) await end();
  await endRig();
});

async function createChaos(): Promise<Chaos> {
  const disks = {
    nats: mountDisks(COPIES),
    cassandra: mountDisks(COPIES),
    postgres: mountDisks(1),
  };
  const placesOf = (engine: keyof typeof disks): { places: string[] } => ({
    places: disks[engine].map(({ place }) => place),
  });
  const [nats, cassandra, postgres] = await Promise.all([
    natsNodes(COPIES, placesOf("nats")),
    cassandraNodes(COPIES, placesOf("cassandra")),
    postgresNode(placesOf("postgres")),
  ]);
  for (const { stop } of [nats, cassandra, postgres]) ending.push(stop);
  const all = Object.values(disks).flat();
  if (all.length === 0) console.log("no file systems can be mounted here: no disk is filled");
  for (const disk of all) ending.push(() => Promise.resolve(disk.end()));
  const links: Links[] = [];
  const cluster = await startCluster({
    engines: { nats, cassandra, postgres },
    nodes: NODES,
    shards: SHARDS,
    replicas: COPIES,
    // Drivers go from one node of an engine to the others by themselves: only one that is alone can be cut off.
    ...(COPIES === 1 && {
      ownFlags: async (at, flags) => through((links[at] ??= await openLinks(flags)), flags),
    }),
  });
  for (const link of links.flatMap((each) => Object.values(each)))
    ending.push(() => Promise.resolve(link.close()));
  const random = createRandom(seedOf("DAMSO_CHAOS_SEED"));
  const cast = await createLoad(cluster.nodes[0]?.origin ?? "", random);
  const engines = [
    { name: "NATS", nodes: COPIES, control: nats, disks: disks.nats },
    { name: "Cassandra", nodes: COPIES, control: cassandra, disks: disks.cassandra },
    { name: "PostgreSQL", nodes: 1, control: postgres, disks: disks.postgres },
  ];
  return { cluster, cast, random, engines, links, restless: true, moving: false, over: false };
}

async function createLoad(origin: string, random: Random): Promise<Cast> {
  if (SENDS < MANY) return createCast(origin, random, 40);
  const cast = await createCast(origin, random, 0);
  await addGroups(cast, origin, 18);
  for (const writer of cast.writers) writer.changes = 0.25;
  return cast;
}

/** Homes hear a little later than channels. What is wrong 30 s after the last fault stays wrong: invariant I21. */
async function judged(cast: Cast, origin: string): Promise<string[]> {
  const end = performance.now() + 30_000;
  for (;;) {
    const truth = await readTruth(cast, origin);
    const faults = faultsOf(cast.journal, truth);
    if (faults.length === 0) forget(cast.journal, truth);
    if (faults.length === 0 || performance.now() > end) return faults;
    await Bun.sleep(1000);
  }
}

/** All that was said so far; what was right is forgotten, and everybody goes on in new groups. */
async function round(chaos: Chaos, samples: SendNote[], origin: string): Promise<string[]> {
  const { cast, random } = chaos;
  await calm(chaos);
  await renewReaders(cast, origin);
  sample(samples, cast.journal, random);
  const faults = await judged(cast, origin);
  faults.push(...(await sendAgain(cast, origin, 60, samples, settled)));
  if (faults.length > 0) return faults;
  await renewGroups(cast, origin);
  for (const writer of cast.writers) {
    writer.writing = true;
    writer.socket?.terminate();
  }
  chaos.restless = true;
  await warm(chaos);
  return [];
}

/** A short run has some of them, another run others. */
function shuffled<T>(all: readonly T[], random: Random): T[] {
  return all
    .map((one) => ({ one, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one);
}

function report(outcomes: readonly Outcome[], chaos: Chaos): void {
  for (const [name, same] of Map.groupBy(outcomes, (one) => one.name)) {
    const gaps = same.flatMap(({ gaps_ms }) => gaps_ms);
    const [p50, p99, most] = [0.5, 0.99, 1].map((share) => Math.round(percentile(gaps, share)));
    console.log(
      `${String(same.length).padStart(5)}  ${name}: p50 ${p50} ms, p99 ${p99} ms, at most ${most} ms`,
    );
  }
  const { acknowledged, retried, refused } = chaos.cast.journal.counts;
  console.log(
    `${acknowledged} acknowledged, ${retried} of them asked for more than once, ${refused} refused`,
  );
}

test(
  "[I1][I3][I4][I5][I6][I7][I10][I12][I21][I22] a cluster that is hurt in every part loses, doubles and reorders nothing",
  async () => {
    const chaos = await createChaos();
    const { cast, cluster, random } = chaos;
    const ways = chaos.links.length > 0 ? LINK_HURTS : [];
    const hurts = shuffled([...NODE_HURTS, ...ways, ...chaos.engines.flatMap(engineHurts)], random);
    const chatters = await createChatters(cluster.nodes.map(({ origin }) => origin));
    const outcomes: Outcome[] = [];
    const working = load(chaos);
    const chatting = { over: false };
    void chatter(chatters, () => chatting.over);
    await warm(chaos);
    const origin = cluster.nodes[0]?.origin ?? "";
    const samples: SendNote[] = [];
    const faults: string[] = [];
    for (let at = 1; at <= HURTS && faults.length === 0; at++) {
      outcomes.push(await hurt(chaos, hurts[at % hurts.length] as (typeof hurts)[number]));
      await said(chaos, (SENDS * at) / HURTS);
      await Bun.sleep(random.int(200, 1500));
      if (at % ROUND !== 0) continue;
      faults.push(...(await round(chaos, samples, origin)));
      console.log(`fault ${at}: ${cast.journal.counts.acknowledged} acknowledged`);
    }
    await calm(chaos);
    chatting.over = true;
    await renewReaders(cast, origin);
    sample(samples, cast.journal, random);
    faults.push(
      ...(await judged(cast, origin)),
      ...(await sendAgain(cast, origin, 200, samples, settled)),
      ...(await checkPasts(cast, origin)),
      ...(await chatterFaults(chatters, origin)),
    );
    await endChatters(chatters);
    report(outcomes, chaos);
    const more = chatters.all.reduce((sum, { sent }) => sum + sent.length, 0);
    console.log(`${more} more acknowledged to clients of the SDK`);
    chaos.over = true;
    await cluster.stop();
    await working;
    expect(faults.slice(0, 20)).toEqual([]);
    expect(cast.journal.counts.acknowledged).toBeGreaterThan(Math.max(SENDS - 1, HURTS * 50));
    console.log(`0 violations after ${HURTS} faults`);
  },
  DAY,
);
