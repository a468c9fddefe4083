import { expect, test } from "bun:test";
import { placeOf, shardOf } from "./place.ts";
import { rendezvous } from "./rendezvous.ts";

const SHARDS = 64;
const ids = Array.from({ length: 20_000 }, (_, i) =>
  String(1_500_000_000_000_000_000n + BigInt(i) * 4_194_304n),
);
const nodes = ["n1", "n2", "n3", "n4", "n5"];
const shards = Array.from({ length: SHARDS }, (_, shard) => shard);

test("[S18] the place of an id is fixed: these must never change", () => {
  expect(placeOf("", 4_294_967_296)).toBe(0x811c9dc5);
  expect(placeOf("a", 4_294_967_296)).toBe(0xe40c292c);
  expect(placeOf("foobar", 4_294_967_296)).toBe(0xbf9cf968);
});

test("[S18] ids spread evenly over the shards", () => {
  const counts = shards.map(() => 0);
  for (const id of ids) {
    const shard = placeOf(`g${id}`, SHARDS);
    counts[shard] = (counts[shard] ?? 0) + 1;
  }
  const fair = ids.length / SHARDS;
  expect(Math.min(...counts)).toBeGreaterThan(fair * 0.7);
  expect(Math.max(...counts)).toBeLessThan(fair * 1.3);
});

test("[S18] a command goes to its channel, its user, or the shard that it names", () => {
  const [user_id, channel] = ["1500000000000000001", "g1500000000000000002"] as never[];
  const view = { kind: "view", user_id, channel } as never;
  expect(shardOf(view, SHARDS)).toBe(placeOf("g1500000000000000002", SHARDS));
  const read = { kind: "read", user_id, channel, seq: 1 } as never;
  expect(shardOf(read, SHARDS)).toBe(placeOf("1500000000000000001", SHARDS));
  expect(shardOf({ kind: "told", shard: 5, target: 7 } as never, SHARDS)).toBe(5);
});

test("[S18] every node gets its part, and a node that goes gives away only its own shards", () => {
  const before = shards.map((shard) => rendezvous(shard, nodes));
  for (const node of nodes)
    expect(before.filter((owner) => owner === node).length).toBeGreaterThan(SHARDS / 5 / 3);
  const after = shards.map((shard) =>
    rendezvous(
      shard,
      nodes.filter((node) => node !== "n3"),
    ),
  );
  for (const shard of shards)
    if (before[shard] !== "n3") expect(after[shard]).toBe(before[shard] as string);
  expect(shards.map((shard) => rendezvous(shard, nodes.toReversed()))).toEqual(before);
  expect(rendezvous(1, [])).toBeUndefined();
});
