/** The discovery contract on one node and on three, and leases over time. */
import { expect, test } from "bun:test";
import { discoveryContract, leaseExpiryContract } from "@damso/contracts/discovery";
import type { DiscoveryUnderTest } from "@damso/contracts/discovery";
import { until } from "@damso/contracts/until";
import { freshName } from "@damso/tools/services/services";
import { closeNats, connectNats } from "./connect.ts";
import { openNatsDiscovery } from "./discovery.ts";
import { NODE, oneAndThree } from "./servers.testing.ts";

const urls = oneAndThree();

async function open(replicas: 1 | 3, prefix = freshName("damso")): Promise<DiscoveryUnderTest> {
  const servers = urls(replicas);
  const connection = await connectNats({ servers, name: "discovery test" });
  const discovery = await openNatsDiscovery({ connection, prefix, replicas });
  return { discovery, close: () => closeNats(connection) };
}

for (const replicas of [1, 3] as const) {
  discoveryContract(`NATS with ${replicas} replicas`, () => open(replicas));
  leaseExpiryContract(`NATS with ${replicas} replicas`, async () => ({
    ...(await open(replicas)),
    elapse: (ms) => Bun.sleep(ms),
  }));
}

test("[S17] of nodes that take a free lease at the same time one gets it", async () => {
  const prefix = freshName("damso");
  const nodes = await Promise.all([1, 2, 3].map(() => open(3, prefix)));
  for (const shard of [1, 2, 3, 4]) {
    const taken = await Promise.all(
      nodes.map(({ discovery }, i) => discovery.lease(shard, `n${i}`, 2000)),
    );
    expect(taken.filter((each) => each)).toHaveLength(1);
    // What another node wrote may take a moment to be everywhere.
    const holder = async (): Promise<string | undefined> =>
      (await nodes[0]?.discovery.owners())?.get(shard);
    await until(async () => (await holder()) === `n${taken.indexOf(true)}`, "the owner");
  }
  await Promise.all(nodes.map(({ close }) => close()));
});

test("[S17] renewals of one node that overlap keep the lease, and it runs out after the last", async () => {
  const { discovery, close } = await open(1);
  await discovery.lease(3, "n1", 2000);
  const renewed = await Promise.all([1, 2, 3].map(() => discovery.lease(3, "n1", 2000)));
  expect(renewed).toEqual([true, true, true]);
  await until(async () => (await discovery.owners()).size === 0, "the lease to run out");
  await close();
});

test("a node that says nothing for ten seconds is not listed", async () => {
  const { discovery, close } = await open(1);
  await discovery.register({ ...NODE, node_id: "a.b *>c" });
  expect(await discovery.list()).toHaveLength(1);
  await Bun.sleep(8000);
  expect(await discovery.list()).toHaveLength(1);
  await until(async () => (await discovery.list()).length === 0, "the record to run out");
  await close();
}, 20_000);

test("what others wrote into the bucket and nobody understands is not listed", async () => {
  const prefix = freshName("damso");
  const { discovery, close } = await open(1, prefix);
  const connection = await connectNats({ servers: urls(1), name: "stranger" });
  for (const [key, value] of [
    ["node.x", "{"],
    ["node.y", "null"],
    ["lease.x", "n1"],
  ])
    await connection.request(`$KV.${prefix}_discovery.${key}`, value);
  await discovery.register({ ...NODE, node_id: "n1" });
  expect((await discovery.list()).map(({ node_id }) => node_id)).toEqual(["n1"]);
  expect(await discovery.owners()).toEqual(new Map());
  await closeNats(connection);
  await close();
});
