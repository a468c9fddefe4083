/**
 * Three nodes on real engines under load, hurt again and again: each node, each engine, all at once. Clients go to whatever
 * node they find, and write down all they see; afterwards the journal is held against the histories. `DAMSO_CHAOS_HURTS`
 * says how often, `DAMSO_CHAOS_ENGINES` whether NATS and Cassandra have one node each or three.
 */
import { afterAll, expect, test } from "bun:test";
import { startCluster } from "../cluster/cluster.ts";
import { createCast, readTruth, sendAgain, settle } from "../rig/cast.testing.ts";
import {
  engineHurts,
  hurt,
  LINK_HURTS,
  load,
  NODE_HURTS,
  openLinks,
  percentile,
  through,
  warm,
} from "../rig/chaos.testing.ts";
import type { Chaos, Links, Outcome } from "../rig/chaos.testing.ts";
import { chatter, chatterFaults, createChatters, endChatters } from "../rig/chatters.testing.ts";
import type { Cast } from "../rig/cast.testing.ts";
import { faultsOf } from "../rig/checks.testing.ts";
import { createRandom, seedOf } from "../rig/random.testing.ts";
import type { Random } from "../rig/random.testing.ts";
import { endRig } from "../rig/server.ts";
import { cassandraNodes, natsNodes, postgresNode } from "../services/services.ts";

const HURTS = Number(process.env["DAMSO_CHAOS_HURTS"] ?? 5);
const COPIES = process.env["DAMSO_CHAOS_ENGINES"] === "3" ? 3 : 1;
const NODES = 3;
const SHARDS = 8;
const DAY = 24 * 3_600_000;

const ending: (() => Promise<void>)[] = [];

afterAll(async () => {
  await endRig();
  for (const end of ending) await end();
});

async function createChaos(): Promise<Chaos> {
  const [nats, cassandra, postgres] = await Promise.all([
    natsNodes(COPIES),
    cassandraNodes(COPIES),
    postgresNode(),
  ]);
  for (const { stop } of [nats, cassandra, postgres]) ending.push(stop);
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
  const cast = await createCast(cluster.nodes[0]?.origin ?? "", random, 40);
  const engines = [
    { name: "NATS", nodes: COPIES, control: nats },
    { name: "Cassandra", nodes: COPIES, control: cassandra },
    { name: "PostgreSQL", nodes: 1, control: postgres },
  ];
  return { cluster, cast, random, engines, links, restless: true, over: false };
}

/** Homes hear a little later than channels. What is wrong 30 s after the last fault stays wrong: invariant I21. */
async function judged(cast: Cast, origin: string): Promise<string[]> {
  const end = performance.now() + 30_000;
  for (;;) {
    const faults = faultsOf(cast.journal, await readTruth(cast, origin));
    if (faults.length === 0 || performance.now() > end) return faults;
    await Bun.sleep(1000);
  }
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
    void chatter(chatters, () => !chaos.restless);
    await warm(chaos);
    for (let at = 0; at < HURTS; at++) {
      outcomes.push(await hurt(chaos, hurts[at % hurts.length] as (typeof hurts)[number]));
      await Bun.sleep(random.int(200, 1500));
    }
    chaos.restless = false;
    await settle(cast, 60_000);
    const origin = cluster.nodes[0]?.origin ?? "";
    const faults = [
      ...(await judged(cast, origin)),
      ...(await sendAgain(cast, origin, 200)),
      ...(await chatterFaults(chatters, origin)),
    ];
    await endChatters(chatters);
    report(outcomes, chaos);
    const said = chatters.all.reduce((sum, { sent }) => sum + sent.length, 0);
    console.log(`${said} more acknowledged to clients of the SDK`);
    chaos.over = true;
    await cluster.stop();
    await working;
    expect(faults.slice(0, 20)).toEqual([]);
    expect(cast.journal.counts.acknowledged).toBeGreaterThan(HURTS * 50);
    console.log(`0 violations after ${HURTS} faults`);
  },
  DAY,
);
