/**
 * The table of a cluster is away while people go on writing. `DAMSO_AWAY_SECONDS` says for how long. Sends go on until
 * the bound of what a node keeps for it, are `busy` then, and go on by themselves when it is back.
 */
import { afterAll, expect, test } from "bun:test";
import type { ChannelId } from "@damso/protocol/ids";
import { startCluster } from "../cluster/cluster.ts";
import { call, codeOf } from "../rig/http.testing.ts";
import { createGroup, signUpPool } from "../rig/people.testing.ts";
import type { Session } from "../rig/people.testing.ts";
import { newClientId } from "../rig/random.testing.ts";
import { endRig } from "../rig/server.ts";
import { readHistory } from "../rig/truth.testing.ts";
import { until } from "../rig/until.ts";
import { cassandraNodes, natsNodes, postgresNode } from "../services/services.ts";
import type { Control } from "../services/services.ts";

const AWAY_MS = 1000 * Number(process.env["DAMSO_AWAY_SECONDS"] ?? 15);
const GROUPS = 4;
const DAY = 24 * 3_600_000;
const BACK_MS = 180_000;

/** What a client says again under the same id; the second may also have been done, which the histories show. */
const RETRIED: ReadonlySet<string> = new Set(["busy", "unavailable"]);

const ending: (() => Promise<void>)[] = [];

afterAll(async () => {
  await endRig();
  for (const end of ending) await end();
});

type Sent = { seq: number; body: string };
type Lane = { session: Session; channel: ChannelId; sent: Sent[] };
type Load = {
  origin: string;
  lanes: Lane[];
  over: boolean;
  /** Of answers since the table went. */
  accepted: number;
  refused: Map<string, number>;
};

async function createLoad(origin: string): Promise<Load> {
  const people = await signUpPool(origin, GROUPS, "away");
  const lanes = people.map(async (session): Promise<Lane> => {
    return { session, channel: await createGroup(origin, [session]), sent: [] };
  });
  return {
    origin,
    lanes: await Promise.all(lanes),
    over: false,
    accepted: 0,
    refused: new Map(),
  };
}

/** One message after the other; one that is refused is said again under its own id. */
async function write(load: Load, lane: Lane): Promise<void> {
  let said = 0;
  while (!load.over) {
    const client_id = newClientId();
    const body = `${++said} `.padEnd(2000, "x");
    // Also when it is over: what was answered with an unknown outcome may be there.
    while (!(await say(load, lane, client_id, body))) await Bun.sleep(100);
    await Bun.sleep(5);
  }
}

async function say(load: Load, lane: Lane, client_id: string, body: string): Promise<boolean> {
  const { session, channel } = lane;
  const answer = await call(load.origin, "POST", `/v1/channels/${channel}/messages`, {
    token: session.access_token,
    body: { client_id, body },
  });
  const code = codeOf(answer);
  if (code === undefined) {
    lane.sent.push({ seq: (answer.body as { seq: number }).seq, body });
    load.accepted++;
    return true;
  }
  load.refused.set(code, (load.refused.get(code) ?? 0) + 1);
  return false;
}

const allHaveSent = ({ lanes }: Load, before: readonly number[]): boolean =>
  lanes.every(({ sent }, at) => sent.length > (before[at] ?? 0));

/** Stops the table, and lets it go on when that was long enough and the bound was reached. */
async function takeAway(table: Control, load: Load): Promise<void> {
  const began = performance.now();
  await table.pause(0);
  [load.accepted, load.refused] = [0, new Map()];
  const full = (): boolean => load.refused.has("busy");
  await until(full, "a send to be refused as busy", Math.max(AWAY_MS, BACK_MS));
  const until_full = { ms: performance.now() - began, accepted: load.accepted };
  await Bun.sleep(Math.max(0, AWAY_MS - until_full.ms));
  const refused = [...load.refused].map(([code, count]) => `${count} ${code}`).join(", ");
  const away_ms = performance.now() - began;
  console.log(
    `table away for ${seconds(away_ms)}: ${until_full.accepted} accepted in the first ${seconds(until_full.ms)}, ` +
      `${load.accepted} in all, refused: ${refused}`,
  );
  await table.resume(0);
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

test(
  "[I1][I20][I22] while the table is away sends go on until the bound, are busy then, and recover by themselves",
  async () => {
    const [nats, cassandra, postgres] = await Promise.all([
      natsNodes(1),
      cassandraNodes(1),
      postgresNode(),
    ]);
    for (const { stop } of [nats, cassandra, postgres]) ending.push(stop);
    const engines = { nats, cassandra, postgres };
    const flags = { "unflushed-mib": "1" };
    const cluster = await startCluster({ engines, nodes: 1, shards: 1, flags });
    const load = await createLoad(cluster.nodes[0]?.origin ?? "");
    const writing = load.lanes.map((lane) => write(load, lane));
    await until(() => allHaveSent(load, []), "every channel to have a message");
    await takeAway(cassandra, load);
    const back = performance.now();
    const before = load.lanes.map(({ sent }) => sent.length);
    await until(() => allHaveSent(load, before), "every channel to be written again", BACK_MS);
    console.log(`sends went on ${seconds(performance.now() - back)} after the table was back`);
    load.over = true;
    await Promise.all(writing);
    expect([...load.refused.keys()].filter((code) => !RETRIED.has(code))).toEqual([]);
    for (const { session, channel, sent } of load.lanes) {
      const history = await readHistory(load.origin, session, channel);
      const missing = sent.filter(({ seq, body }) => history[seq - 1]?.body !== body);
      expect(missing.map(({ seq }) => seq)).toEqual([]);
      const texts = history.filter(({ kind }) => kind === "text");
      expect(new Set(texts.map(({ body }) => body)).size).toBe(texts.length);
      expect(texts.length).toBe(sent.length);
    }
    await cluster.stop();
  },
  DAY,
);
