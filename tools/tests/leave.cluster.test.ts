/**
 * A server of NATS leaves in good order while people write through every node: the one that leads the logs, or holds the
 * connections of nodes, or both. What is measured is how long a send waits in the worst case, with all its repetitions.
 */
import { afterAll, expect, test } from "bun:test";
import type { ChannelId } from "@damso/protocol/ids";
import { startCluster } from "../cluster/cluster.ts";
import { call, codeOf } from "../rig/http.testing.ts";
import { createGroup, signUpPool } from "../rig/people.testing.ts";
import type { Session } from "../rig/people.testing.ts";
import { newClientId } from "../rig/random.testing.ts";
import { endRig } from "../rig/server.ts";
import { until } from "../rig/until.ts";
import { cassandraServer, freshName, natsNodes, postgresServer } from "../services/services.ts";
import { runCql } from "../services/cql.ts";

const TEST_MS = 600_000;
const NODES = 2;
const GROUPS = 6;
const SHARDS = 4;
const AGAIN_MS = 20;
/** Half a second is what is aimed at, and is printed; this is what even an election of a new leader has to keep. */
const WAIT_MS_MAX = 10_000;
/** A server that came back has to have caught up before the next one leaves: else two are missing, and there is an election. */
const CAUGHT_UP_MS = 6000;
/** The first is told to send its clients away before it ends, the others just to end. */
const SIGNALS = ["SIGUSR2", "SIGTERM", "SIGTERM"] as const;

const ending: (() => Promise<void>)[] = [];

afterAll(async () => {
  await endRig();
  for (const end of ending) await end();
});

type Lane = { origin: string; session: Session; channel: ChannelId; sent: number; wait_ms: number };
type Load = { lanes: Lane[]; over: boolean };

/** By the code of the refusal. */
const refused = new Map<string, number>();

async function write(load: Load, lane: Lane): Promise<void> {
  while (!load.over) {
    const began = performance.now();
    const client_id = newClientId();
    while (!(await say(lane, client_id))) await Bun.sleep(AGAIN_MS);
    lane.wait_ms = Math.max(lane.wait_ms, performance.now() - began);
    lane.sent++;
  }
}

async function say({ origin, session, channel }: Lane, client_id: string): Promise<boolean> {
  const answer = await call(origin, "POST", `/v1/channels/${channel}/messages`, {
    token: session.access_token,
    body: { client_id, body: "still there?" },
  });
  const code = codeOf(answer);
  if (code !== undefined) refused.set(code, (refused.get(code) ?? 0) + 1);
  return code === undefined;
}

async function more({ lanes }: Load, by: number): Promise<void> {
  const goals = lanes.map(({ sent }) => sent + by);
  await until(
    () => lanes.every(({ sent }, at) => sent >= (goals[at] ?? 0)),
    "every channel to be written to",
    120_000,
  );
}

test(
  "[I22] a server of NATS that leaves in good order holds sends up for a moment",
  async () => {
    const [nats, cassandra, postgres] = await Promise.all([
      natsNodes(3),
      cassandraServer(),
      postgresServer(),
    ]);
    for (const { stop } of [nats, cassandra, postgres]) ending.push(stop);
    const { hosts, port, datacenter } = cassandra;
    // One node of Cassandra holds one copy, whatever NATS holds.
    const keyspace = freshName("leave");
    await runCql(
      { host: hosts[0] ?? "", port },
      `CREATE KEYSPACE ${keyspace} WITH replication = {'class': 'NetworkTopologyStrategy', '${datacenter}': 1}`,
    );
    const cluster = await startCluster({
      engines: { nats, cassandra, postgres },
      nodes: NODES,
      shards: SHARDS,
      replicas: 3,
      flags: { cassandra: `cassandra://${hosts[0]}:${port}/${keyspace}?data_center=${datacenter}` },
    });
    const [first = ""] = cluster.nodes.map(({ origin }) => origin);
    const people = await signUpPool(first, GROUPS, "leave");
    const lanes = people.map(async (session, at): Promise<Lane> => {
      const channel = await createGroup(first, [session]);
      const origin = cluster.nodes[at % NODES]?.origin ?? "";
      return { origin, session, channel, sent: 0, wait_ms: 0 };
    });
    const load: Load = { lanes: await Promise.all(lanes), over: false };
    const writing = load.lanes.map((lane) => write(load, lane));
    await more(load, 20);
    const worst = (): number => Math.round(Math.max(...load.lanes.map(({ wait_ms }) => wait_ms)));
    const waits: number[] = [];
    for (const [node, signal] of SIGNALS.entries()) {
      for (const lane of load.lanes) lane.wait_ms = 0;
      await more(load, 20);
      const before = worst();
      await nats.retire(node, signal);
      await more(load, 20);
      const codes = [...refused].map(([code, count]) => `${count} ${code}`).join(", ");
      console.log(
        `NATS ${node} leaves: a send waits ${worst()} ms at most, ${before} ms before; refused: ${codes || "none"}`,
      );
      refused.clear();
      waits.push(worst());
      await nats.restart(node);
      await Bun.sleep(CAUGHT_UP_MS);
    }
    load.over = true;
    await Promise.all(writing);
    await cluster.stop();
    expect(waits.filter((ms) => ms > WAIT_MS_MAX)).toEqual([]);
  },
  TEST_MS,
);
