/** From the embedded server into a cluster on real engines, to another number of shards, and back. */
import { afterAll, expect, test } from "bun:test";
import { cp, readFile } from "node:fs/promises";
import { join } from "node:path";
import { startCluster } from "../cluster/cluster.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { flagsFor } from "../cluster/engines.ts";
import type { Flags } from "../cluster/engines.ts";
import {
  deviceFaults,
  faultsBetween,
  photograph,
  populate,
  runCommand,
  sendAgain,
  sendOne,
} from "../rig/carry.testing.ts";
import type { People } from "../rig/carry.testing.ts";
import { createRandom, seedOf } from "../rig/random.testing.ts";
import { endRig, startServer, temporary } from "../rig/server.ts";
import { until } from "../rig/until.ts";
import { cassandraServer, natsServer, postgresServer } from "../services/services.ts";

const MINUTE = 60_000;
const seed = seedOf("DAMSO_CARRY_SEED");
const [nats, cassandra, postgres] = await Promise.all([
  natsServer(),
  cassandraServer(),
  postgresServer(),
]);
const engines = { nats, cassandra, postgres };

afterAll(async () => {
  await endRig();
  for (const { stop } of [nats, cassandra, postgres]) await stop();
}, MINUTE);

type Manifest = { tables: Record<string, unknown> };

async function tablesOf(folder: string): Promise<Manifest["tables"]> {
  const text = await readFile(join(folder, "manifest.json"), "utf8");
  return (JSON.parse(text) as Manifest).tables;
}

const start = (flags: Flags, nodes: number): Promise<Cluster> =>
  startCluster({ engines, nodes, shards: Number(flags["shards"]), flags });

/** One node that no client finds finishes what the others have left, and is stopped. */
async function drain(flags: Flags): Promise<void> {
  const { nodes, stop } = await start({ ...flags, roles: "shard" }, 1);
  const origin = nodes[0]?.origin ?? "";
  const isDrained = async (): Promise<boolean> => {
    const page = await (await fetch(`${origin}/metrics`)).text();
    const size = (of: string): number =>
      Number(new RegExp(`^damso_size\\{of="${of}"\\} (\\d+)$`, "m").exec(page)?.[1] ?? -1);
    const waiting = size("tells") + size("unflushed_records");
    return size("shards") === Number(flags["shards"]) && waiting === 0;
  };
  await until(isDrained, "the cluster to be drained", MINUTE);
  await stop();
}

async function succeedWith(command: string[], flags: Flags): Promise<string> {
  const { code, output } = await runCommand(command, flags);
  expect({ command, code, output }).toEqual({ command, code: 0, output });
  return output;
}

async function refusalOf(command: string[], flags: Flags): Promise<string> {
  const { code, output } = await runCommand(command, flags);
  expect({ code, output }).toEqual({ code: 1, output });
  return output;
}

/** What everybody sees when homes have heard of all: they hear a little later than channels, so it has to hold still. */
async function settled(people: People, origin: string): ReturnType<typeof photograph> {
  let last = await photograph(people, origin);
  for (let tries = 0; tries < 20; tries++) {
    await Bun.sleep(700);
    const next = await photograph(people, origin);
    if (Bun.deepEquals(last, next)) return next;
    last = next;
  }
  return last;
}

/** The same for everybody as before, a retry finds its first answer, and the device starts anew and converges. */
async function expectSame(
  people: People,
  before: Awaited<ReturnType<typeof photograph>>,
  origin: string,
): Promise<void> {
  const after = await settled(people, origin);
  expect({ seed, faults: faultsBetween(before, after).slice(0, 10) }).toEqual({ seed, faults: [] });
  expect(await sendAgain(people, origin)).toEqual([]);
  const { resets } = people.device.replica;
  expect(await deviceFaults(people, origin)).toEqual([]);
  expect(people.device.replica.resets).toBe(resets + 1);
}

test(
  "[S20][S19][I4][D15] embedded, cluster, another number of shards, embedded: nothing is lost, doubled or told wrongly",
  async () => {
    const server = await startServer();
    const people = await populate(server.origin, createRandom(seed));
    let before = await settled(people, server.origin);
    await server.stop();
    const first = join(temporary("export"), "embedded");
    await succeedWith(["export", "--to", first], { data: server.data });

    const keys = join(temporary("keys"), "keys.json");
    await cp(join(server.data, "keys.json"), keys);
    const data = temporary("media");
    const five: Flags = { ...(await flagsFor(engines, 1)), keys, data, shards: "5" };
    await succeedWith(["import", "--from", first], five);
    expect(await succeedWith(["verify", "--of", first], five)).toContain(
      "is what the manifest says",
    );
    expect(await refusalOf(["import", "--from", first], five)).toContain(
      "an import goes into an empty",
    );

    const { data: _, ...nodes } = five;
    const cluster = await start(nodes, 2);
    const origin = cluster.nodes[0]?.origin ?? "";
    await expectSame(people, before, origin);
    for (let at = 0; at < 20; at++) await sendOne(people, origin, `in the cluster ${at}`);
    const running = ["export", "--to", join(temporary("export"), "running")];
    expect(await refusalOf(running, five)).toContain("stop all nodes first (n1, n2 still listed");
    expect(await refusalOf([], { ...five, port: "0", shards: "6" })).toContain(
      "this cluster has --shards 5 --epoch 1, not --shards 6 --epoch 1",
    );
    before = await settled(people, origin);
    await cluster.stop();
    await drain(nodes);
    const second = join(temporary("export"), "cluster");
    await succeedWith(["export", "--to", second], five);
    await succeedWith(["verify", "--of", second], five);

    const three: Flags = { ...nodes, shards: "3", epoch: "2" };
    const again = await start(three, 2);
    await expectSame(people, before, again.nodes[0]?.origin ?? "");
    before = await photograph(people, again.nodes[0]?.origin ?? "");
    await again.stop();
    expect(await refusalOf([], { ...five, port: "0" })).toContain("--shards 3 --epoch 2");
    await drain(three);
    const third = join(temporary("export"), "three");
    await succeedWith(["export", "--to", third], { ...three, data });

    const four: Flags = { ...three, shards: "3", epoch: "4" };
    expect(await refusalOf(["restored"], { ...three, data })).toContain(
      "begins another one, --epoch 3",
    );
    expect(await succeedWith(["restored"], { ...four, data })).toContain("is in epoch 4");
    const restored = await start(four, 1);
    await expectSame(people, before, restored.nodes[0]?.origin ?? "");
    await restored.stop();

    const back = temporary("back");
    await cp(keys, join(back, "keys.json"));
    await succeedWith(["import", "--from", third], { data: back });
    const fourth = join(temporary("export"), "back");
    await succeedWith(["export", "--to", fourth], { data: back });
    expect(await tablesOf(fourth)).toEqual(await tablesOf(third));
    // What was said in the cluster meanwhile is not in the export.
    people.sent.pop();
    const home = await startServer({ data: back });
    await expectSame(people, before, home.origin);
    await home.stop();
  },
  10 * MINUTE,
);
