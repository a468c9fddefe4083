/** Leases and node records while the server that leads their bucket is killed. */
import { expect, test } from "bun:test";
import { until } from "@damso/contracts/until";
import { natsNodes } from "@damso/tools/services/services";
import { jetstreamManager } from "@nats-io/jetstream";
import { closeNats, connectNats } from "./connect.ts";
import { openNatsDiscovery } from "./discovery.ts";
import { NODE } from "./servers.testing.ts";

const TEST_MS = 120_000;
/** JetStream elects a leader after 4 to 9 s; the rest is what a busy machine may add. */
const STALL_MS_MAX = 15_000;
const SHARDS = [0, 1, 2, 3];

test(
  "[S17] when the leader of the bucket dies nobody gets a lease for a while, and then one node each again",
  async () => {
    const nodes = await natsNodes(3);
    const prefix = "damso";
    const connections = await Promise.all(
      ["n1", "n2"].map((name) => connectNats({ servers: nodes.urls, name })),
    );
    const both = await Promise.all(
      connections.map((connection) => openNatsDiscovery({ connection, prefix, replicas: 3 })),
    );
    const [one, two] = both;
    const [connection] = connections;
    if (!one || !two || !connection) throw new Error("nothing was opened");
    const take = async (): Promise<boolean> => {
      await one.register({ ...NODE, node_id: "n1" });
      const taken = await Promise.all(SHARDS.map((shard) => one.lease(shard, "n1", 2000)));
      return taken.every((each) => each);
    };
    expect(await take()).toBe(true);
    const jsm = await jetstreamManager(connection);
    const { cluster } = await jsm.streams.info(`KV_${prefix}_discovery`);
    const leader = Number(cluster?.leader?.slice(1));
    await nodes.kill(leader);
    await until(() => take().catch(() => false), "leases", STALL_MS_MAX);
    // What another node wrote may take a moment to be everywhere.
    await until(async () => (await two.owners()).size === SHARDS.length, "the owners");
    expect(await two.owners()).toEqual(new Map(SHARDS.map((shard) => [shard, "n1"])));
    expect((await two.list()).map(({ node_id }) => node_id)).toEqual(["n1"]);
    expect(await two.lease(0, "n2", 2000)).toBe(false);
    await nodes.restart(leader);
    expect(await take()).toBe(true);
    await until(async () => (await two.owners()).size === 0, "the leases to run out");
    expect(await two.lease(0, "n2", 2000)).toBe(true);
    expect(await one.lease(0, "n1", 2000)).toBe(false);
    await Promise.all(connections.map(closeNats));
    await nodes.stop();
  },
  TEST_MS,
);
