/**
 * `npm run bench:cluster`: nodes on one NATS, one Cassandra and one PostgreSQL, all on this machine and sharing its cores:
 * one that does everything, then one, two and four that own shards behind one that serves clients, then three that do
 * everything. Messages a second, latencies, what the log and the table took, and the processor time of each part for one
 * message; at the end how long channels wait when a node is killed. `-- --seconds 5 --takeovers 6`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { startCluster } from "@damso/tools/cluster/cluster";
import type { Cluster } from "@damso/tools/cluster/cluster";
import type { Engines, Flags } from "@damso/tools/cluster/engines";
import { endRig } from "@damso/tools/rig/server";
import { cassandraNodes, natsNodes, postgresNode } from "@damso/tools/services/services";
import type { Control } from "@damso/tools/services/services";
import type { LoadPlan } from "./generator/plan.ts";
import { createHistogram, percentile, record } from "./measure/histogram.ts";
import { cpuSeconds } from "./measure/process.ts";
import { realAccounts } from "./run/accounts.ts";
import type { Session } from "./run/accounts.ts";
import { generate } from "./run/generate.ts";
import { describeMachine } from "./run/machine.ts";
import { measureTakeovers } from "./run/takeover.ts";

type Parts = Engines & Record<"nats" | "cassandra" | "postgres", Control>;

const USERS = 64;
const SHARDS = 16;
const WARMUP_SECONDS = 3;

const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "5" },
    takeovers: { type: "string", default: "6" },
  },
});
const seconds = Number(values.seconds);

const directory = mkdtempSync(join(tmpdir(), "damso-bench-"));
console.log(describeMachine(directory));
const parts = await startParts();
try {
  await measure(parts, "one node", 1);
  for (const owners of [1, 2, 4])
    await measure(parts, `one node for clients, ${owners} for shards`, owners + 1, apart);
  await measure(parts, "three nodes", 3);
} finally {
  await endRig();
  rmSync(directory, { recursive: true, force: true });
  await Promise.all([parts.nats.stop(), parts.cassandra.stop(), parts.postgres.stop()]);
}

async function startParts(): Promise<Parts> {
  const [nats, cassandra, postgres] = await Promise.all([
    natsNodes(1),
    cassandraNodes(1),
    postgresNode(),
  ]);
  return { nats, cassandra, postgres };
}

/** The first serves clients, the others own shards. */
function apart(at: number): Flags {
  return { roles: at === 0 ? "api,gateway" : "shard" };
}

async function measure(
  engines: Parts,
  title: string,
  nodes: number,
  ownFlags: (at: number) => Flags = () => ({}),
): Promise<void> {
  const cluster = await startCluster({ engines, nodes, shards: SHARDS, ownFlags });
  console.log(`\n${title}: ${SHARDS} shards, ${USERS} users in pairs`);
  const sessions = await realAccounts.signUp(cluster.nodes[0]?.origin ?? "", USERS);
  for (const window of [1, 8]) {
    const load = { kind: "closed", window, warmup_seconds: WARMUP_SECONDS, seconds } as const;
    await traffic(engines, cluster, sessions, load);
  }
  if (nodes === 3) await takeovers(cluster, sessions);
  await cluster.stop();
}

/** All users at the first node: its shards are spread over all of them. */
async function traffic(
  engines: Parts,
  cluster: Cluster,
  accounts: readonly Session[],
  load: LoadPlan & { window: number },
): Promise<void> {
  const [first] = cluster.nodes;
  if (!first) throw new Error("there is no node");
  const before = work(engines, cluster);
  const counted = await counts(cluster);
  const outcome = await generate({ origin: first.origin, server_pid: first.pid, accounts, load });
  const after = work(engines, cluster);
  const done = await counts(cluster);
  if (outcome.kind !== "traffic") throw new Error(outcome.problems.join("\n"));
  const { messages, seconds: measured, sent_p50, sent_p99 } = outcome.figures;
  const ms = (micros: number): string => (micros / 1000).toFixed(1);
  console.log(
    `  window ${load.window}: ${Math.round(messages / measured)} messages/s, sent p50 ${ms(sent_p50)} ms, p99 ${ms(sent_p99)} ms`,
  );
  // Before the measured seconds the same work was done: it is counted with its share of the messages.
  const worked = measured + WARMUP_SECONDS;
  const all = messages * (worked / measured);
  for (const [name, cpu] of after)
    console.log(
      `    ${name}: ${Math.round(((cpu - (before.get(name) ?? 0)) / all) * 1e6)} µs a message`,
    );
  const grown = (name: keyof Counts): number => done[name] - counted[name];
  const rate = (name: keyof Counts): string => `${Math.round(grown(name) / worked)} ${name}/s`;
  console.log(
    `    ${rate("appends")}, ${(all / grown("appends")).toFixed(1)} messages an append; ` +
      `the table took ${rate("rows")} in ${rate("flushes")}`,
  );
  for (const problem of outcome.problems) console.log(`    problem: ${problem}`);
}

/** Of all nodes since their start. */
type Counts = { appends: number; rows: number; flushes: number };

async function counts(cluster: Cluster): Promise<Counts> {
  const sum: Counts = { appends: 0, rows: 0, flushes: 0 };
  for (const { origin } of cluster.nodes) {
    const text = await (await fetch(`${origin}/metrics`)).text();
    const read = (name: string): number =>
      Number(new RegExp(`^damso_${name} (\\S+)`, "m").exec(text)?.[1] ?? 0);
    sum.appends += read("commit_seconds_count");
    sum.rows += read("flushed_rows_total");
    sum.flushes += read("flushes_total");
  }
  return sum;
}

/** Processor seconds of each part so far. */
function work({ nats, cassandra, postgres }: Parts, cluster: Cluster): Map<string, number> {
  const sum = (pids: readonly number[]): number =>
    pids.reduce((total, pid) => total + cpuSeconds(pid), 0);
  return new Map([
    ["nodes", sum(cluster.nodes.map(({ pid }) => pid))],
    ["NATS", sum(nats.pids())],
    ["Cassandra", sum(cassandra.pids())],
    ["PostgreSQL", sum(postgres.pids())],
  ]);
}

async function takeovers(cluster: Cluster, sessions: readonly Session[]): Promise<void> {
  const waits = createHistogram();
  for (const ms of await measureTakeovers(cluster, sessions, Number(values.takeovers)))
    record(waits, ms * 1000);
  const at = (share: number): string => `${Math.round(percentile(waits, share) / 1000)} ms`;
  console.log(
    `  ${values.takeovers} nodes killed: ${waits.count} channels waited, p50 ${at(0.5)}, p99 ${at(0.99)}, at most ${at(1)}`,
  );
}
