/**
 * A rolling upgrade under load: three nodes of an earlier program are replaced by today's, one after the other, so that
 * both work next to each other for a while. Clients go to whatever node they find and write down all they see.
 */
import { afterAll, expect, test } from "bun:test";
import { startCluster } from "../cluster/cluster.ts";
import { createCast, readTruth, sendAgain, settle } from "../rig/cast.testing.ts";
import { hurt, load, percentile, warm } from "../rig/chaos.testing.ts";
import type { Chaos, Hurt } from "../rig/chaos.testing.ts";
import { chatter, chatterFaults, createChatters, endChatters } from "../rig/chatters.testing.ts";
import { faultsOf } from "../rig/checks.testing.ts";
import { exportFormer, hasCommit } from "../rig/former.testing.ts";
import { call } from "../rig/http.testing.ts";
import { createRandom, seedOf } from "../rig/random.testing.ts";
import { endRig } from "../rig/server.ts";
import { cassandraServer, natsServer, postgresServer } from "../services/services.ts";

/**
 * The last program before pushes: homes did not say yet what is to be pushed. It knows today's tables, so an upgrade
 * from it needs no stop. When an upgrade from it stops being promised, a later one stands here.
 */
const FORMER = "81198d102b2fc1efffa01fdf42a9481d72f3e90b";
const NODES = 3;
const TEST_MS = 900_000;
/** How long the versions work next to each other after each step. */
const MIXED_MS = 4000;

const ending: (() => Promise<void>)[] = [];

afterAll(async () => {
  await endRig();
  for (const end of ending) await end();
});

type Versions = { former: string; isNew: boolean[] };

async function createUpgrade({ former, isNew }: Versions): Promise<Chaos> {
  const [nats, cassandra, postgres] = await Promise.all([
    natsServer(),
    cassandraServer(),
    postgresServer(),
  ]);
  for (const { stop } of [nats, cassandra, postgres]) ending.push(stop);
  const cluster = await startCluster({
    engines: { nats, cassandra, postgres },
    nodes: NODES,
    shards: 8,
    programOf: (at) => (isNew[at] === true ? undefined : former),
  });
  const random = createRandom(seedOf("DAMSO_CHAOS_SEED"));
  const cast = await createCast(cluster.nodes[0]?.origin ?? "", random, 40);
  return {
    cluster,
    cast,
    random,
    engines: [],
    links: [],
    restless: true,
    moving: false,
    over: false,
  };
}

const replace = (at: number, { isNew }: Versions): Hurt => ({
  name: `node ${at + 1} is replaced`,
  async run({ cluster }) {
    await cluster.nodes[at]?.stop();
    isNew[at] = true;
    await cluster.start(at);
  },
});

async function judged({ cast }: Chaos, origin: string): Promise<string[]> {
  const end = performance.now() + 30_000;
  for (;;) {
    const faults = faultsOf(cast.journal, await readTruth(cast, origin));
    if (faults.length === 0 || performance.now() > end) return faults;
    await Bun.sleep(1000);
  }
}

/** Which nodes run today's program: the former one has no administration. */
async function newOnes({ cluster }: Chaos): Promise<boolean[]> {
  const answers = cluster.nodes.map(({ origin }) => call(origin, "GET", "/v1/admin/overview"));
  return (await Promise.all(answers)).map(({ status }) => status !== 404);
}

async function upgrade(chaos: Chaos, versions: Versions): Promise<void> {
  for (let at = 0; at < NODES; at++) {
    expect(await newOnes(chaos)).toEqual([0, 1, 2].map((each) => each < at));
    await Bun.sleep(MIXED_MS);
    const { name, gaps_ms } = await hurt(chaos, replace(at, versions));
    const [p50, most] = [0.5, 1].map((share) => Math.round(percentile(gaps_ms, share)));
    console.log(`${name}: sends wait ${p50} ms (p50), ${most} ms at most`);
  }
  expect(await newOnes(chaos)).toEqual([true, true, true]);
  await Bun.sleep(MIXED_MS);
}

test.skipIf(!hasCommit(FORMER))(
  "[I1][I3][I4][I5][I6][I7][I10][I12][I21][I22] a cluster that is upgraded node by node under load loses, doubles and reorders nothing",
  async () => {
    const versions: Versions = { former: await exportFormer(FORMER), isNew: [] };
    const chaos = await createUpgrade(versions);
    const { cast, cluster } = chaos;
    const chatters = await createChatters(cluster.nodes.map(({ origin }) => origin));
    const working = load(chaos);
    void chatter(chatters, () => !chaos.restless);
    await warm(chaos);
    await upgrade(chaos, versions);
    chaos.restless = false;
    await settle(cast, 60_000);
    const origin = cluster.nodes[0]?.origin ?? "";
    const faults = [
      ...(await judged(chaos, origin)),
      ...(await sendAgain(cast, origin, 200)),
      ...(await chatterFaults(chatters, origin)),
    ];
    await endChatters(chatters);
    const { acknowledged, retried } = cast.journal.counts;
    console.log(`${acknowledged} acknowledged, ${retried} of them asked for more than once`);
    chaos.over = true;
    await cluster.stop();
    await working;
    expect(faults.slice(0, 20)).toEqual([]);
    expect(acknowledged).toBeGreaterThan(500);
  },
  TEST_MS,
);
