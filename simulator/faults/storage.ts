/** What happens to disks and stores. */
import { renewEpoch } from "@damso/core/shard/checkpoint";
import { wallTime } from "../kernel/host.ts";
import { HEALTHY, openDisk, settleLimbo } from "../models/disk.ts";
import type { Disk, DiskFaults } from "../models/disk.ts";
import { killDevice, startDevice } from "../people/device.ts";
import type { FaultKind } from "../plan.ts";
import { boot, crash } from "../server/server.ts";
import { diskWorld, SHARD } from "../server/single.ts";
import type { World } from "../world.ts";
import { newHost } from "../kernel/host.ts";

type Fault = (world: World) => boolean;

/** For a while; what else is wrong with the disk stays as it is. */
function trouble(world: World, faults: Partial<DiskFaults>, ms: number): boolean {
  const { disk } = world;
  if (!disk) return false;
  disk.faults = { ...disk.faults, ...faults };
  world.scheduler.after(ms, "disk is well", undefined, () => {
    const healed: Partial<DiskFaults> = {};
    for (const key of Object.keys(faults) as (keyof DiskFaults)[])
      Object.assign(healed, { [key]: HEALTHY[key] });
    disk.faults = { ...disk.faults, ...healed };
  });
  return true;
}

type StorageFault = Extract<
  FaultKind,
  | `${string} disk`
  | `${string} away`
  | `${"log" | "table"} trouble`
  | "failing sync"
  | "backup restored"
>;

export const STORAGE_FAULTS: Readonly<Record<StorageFault, Fault>> = {
  "slow disk"(world: World) {
    const { random } = world;
    const slow = random.pick([
      { sync_ms: random.int(20, 1500) },
      { read_ms: random.int(5, 200) },
      { sync_ms: random.int(20, 300), read_ms: random.int(5, 50) },
    ]);
    return trouble(world, slow, random.int(300, 5000));
  },
  "failing sync": (world: World) =>
    trouble(world, { failing: world.random.pick([0.05, 0.3, 1]) }, world.random.int(50, 3000)),
  "full disk": (world: World) => trouble(world, { full: true }, world.random.int(300, 6000)),
  "unreadable disk": (world: World) =>
    trouble(world, { unreadable: world.random.pick([0.05, 0.3]) }, world.random.int(50, 3000)),
  "accounts away"(world: World) {
    const { random } = world;
    world.accounts_faults = {
      unavailable: random.pick([0.2, 1]),
      delay_ms: random.pick([0.3, 100]),
    };
    world.scheduler.after(random.int(200, 5000), "accounts are back", undefined, () => {
      world.accounts_faults = { unavailable: 0, delay_ms: 0.3 };
    });
    return true;
  },
  "backup restored": (world: World) => backUpOrRestore(world),
  "log trouble": (world: World) => world.troubleLog(),
  "table trouble": (world: World) => world.troubleTable(),
  "discovery away": (world: World) => world.troubleDiscovery(),
  "table away": (world: World) => world.tableAway(),
};

/** A copy of the disk is kept; another time the server is stopped and the disk is what the copy was. */
function backUpOrRestore(world: World): boolean {
  const { disk, random } = world;
  const [server] = world.servers;
  if (!disk || !server?.host) return false;
  if (!world.backup || random.chance(0.5)) {
    world.backup = disk.rows.copy();
    return false;
  }
  for (const stream of server.life?.streams ?? []) stream.break();
  crash(world, server);
  server.held = true;
  // An app that is stopped has not seen yet what it was told: it does not come back with that after the restore.
  for (const device of world.devices) {
    if (!device.host || device.host.frozen_until <= world.scheduler.now()) continue;
    killDevice(world, device);
    if (!device.ended) startDevice(world, device);
  }
  const rows = world.backup.copy();
  world.scheduler.after(RESTORE_MS, "restore", undefined, () => {
    restore(world, disk, rows, () => (server.held = false));
    world.scheduler.after(random.int(100, 3000), "start on the backup", undefined, () =>
      boot(world, server),
    );
  });
  return true;
}

/** What was on its way to devices has arrived or is lost, and they have put it into their stores. */
const RESTORE_MS = 8000;

/** What the operator does: put the files back, then give the store a new epoch, so that every device starts again. */
function restore(world: World, disk: Disk, rows: Disk["rows"], over: () => void): void {
  const at = { ...diskWorld(world), landed: () => {} };
  settleLimbo(at, disk, 0);
  disk.rows = rows;
  world.restored = true;
  const host = newHost("operator", { offset_ms: 0, rate: 1 });
  const was = disk.faults;
  disk.faults = { ...HEALTHY, sync_ms: 0.1 };
  const now = wallTime(world.scheduler, world.servers[0]?.host ?? host);
  // It runs to its end before anything else happens: the server does not run meanwhile.
  let done = false;
  void renewEpoch(openDisk(at, disk, host), SHARD, now).then(() => (done = true));
  world.scheduler.after(50, "restored", undefined, () => {
    if (!done) world.bugs.push("a restore did not end");
    disk.faults = world.healing ? HEALTHY : was;
    world.witness.restored(disk.rows.all());
    over();
  });
}
