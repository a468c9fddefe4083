import { expect, test } from "bun:test";
import { shardStoreContract } from "@damso/contracts/shard-store";
import type { ShardStore } from "@damso/core/ports/store";
import type { Put } from "@damso/core/tables";
import { newHost } from "../kernel/host.ts";
import { small } from "./engines.testing.ts";
import type { Small } from "./engines.testing.ts";
import { createDisk, HEALTHY, openDisk, settleLimbo } from "./disk.ts";
import type { Disk, DiskWorld } from "./disk.ts";

type Place = { world: Small; disk: Disk };

const places = new Map<string, Place>();
const disks = new Map<ShardStore, Disk>();

/** A failed sync is the last one: the disk is well again after it. */
function reach(
  { world, disk }: Place,
  landed: (puts: readonly Put[]) => void = () => {},
): DiskWorld {
  const tally = {
    ...world.tally,
    fault(kind: string) {
      world.tally.fault(kind);
      disk.faults = HEALTHY;
    },
  };
  return { ...world, tally, landed };
}

function placeOf(name: string): Place {
  const known = places.get(name) ?? { world: small(name), disk: createDisk() };
  places.set(name, known);
  return known;
}

shardStoreContract(
  "the model",
  async (name) => {
    const place = placeOf(name);
    const store = place.world.driven(openDisk(reach(place), place.disk, place.world.host));
    disks.set(store, place.disk);
    return store;
  },
  (store) => {
    const disk = disks.get(store) as Disk;
    disk.faults = { ...HEALTHY, failing: 1 };
  },
);

const put = (seq: number): Put => ({
  table: "bodies",
  key: ["g1500000000000000001" as never, seq],
  row: { body: `body ${seq}` },
});

test("[S2][S4] of what a crash cuts off all is there or nothing, and what was answered is always there", async () => {
  const outcomes = new Set<number>();
  for (let n = 0; n < 40; n++) {
    const place: Place = { world: small(`crash ${n}`), disk: createDisk() };
    const { world, disk } = place;
    const told: number[] = [];
    const at = reach(place, (puts) => told.push(puts.length));
    const host = newHost("n1#1", { offset_ms: 0, rate: 1 });
    const store = openDisk(at, disk, host);
    await world.driven(store).commit([put(1)]);
    let answered = false;
    void store.commit([put(2), put(3)]).then(() => (answered = true));
    host.alive = false;
    await world.elapse(1000);
    settleLimbo(at, disk, 0.5);
    expect(answered).toBe(false);
    outcomes.add(disk.rows.size());
    expect(told).toEqual(disk.rows.size() === 3 ? [1, 2] : [1]);
  }
  expect([...outcomes].sort((a, b) => a - b)).toEqual([1, 3]);
});

test("[S4] a full disk refuses commits and answers reads, until there is room", async () => {
  const world = small();
  const disk = createDisk();
  const store = world.driven(openDisk({ ...world, landed() {} }, disk, world.host));
  await store.commit([put(1)]);
  disk.faults = { ...HEALTHY, full: true };
  const failure = (call: Promise<void>): Promise<string> => call.then(() => "ok", String);
  expect(await failure(store.commit([put(2)]))).toContain("ENOSPC");
  expect(await failure(store.recover())).toContain("ENOSPC");
  expect(await store.get("bodies", [put(1).key[0] as never, 1])).toEqual({ body: "body 1" });
  disk.faults = HEALTHY;
  expect(await failure(store.commit([put(2)]))).toContain("an earlier commit failed");
  await store.recover();
  expect(await failure(store.commit([put(2)]))).toBe("ok");
});
