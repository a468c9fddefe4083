/** What happens to devices and the apps on them. */
import { setRate } from "../kernel/host.ts";
import { memoryTables } from "@damso/sdk/store/memory";
import { copyTables, isRunning, killDevice, rewindStore, startDevice } from "../people/device.ts";
import type { Device } from "../people/device.ts";
import { act } from "../people/workload.ts";
import type { FaultKind } from "../plan.ts";
import type { World } from "../world.ts";
import { stand } from "./clocks.ts";

type Fault = (world: World) => boolean;

function someDevice(world: World): Device | undefined {
  const there = world.devices.filter(({ ended }) => !ended);
  return there.length > 0 ? world.random.pick(there) : undefined;
}

function startLater(world: World, device: Device): void {
  world.scheduler.after(world.random.int(10, 15_000), "app starts", undefined, () => {
    if (!device.host && !device.ended) startDevice(world, device);
  });
}

/** False when there is no device, or `run` says that it did nothing. */
function onSome(run: (world: World, device: Device) => boolean | void): Fault {
  return (world) => {
    const device = someDevice(world);
    return device !== undefined && run(world, device) !== false;
  };
}

type DeviceFault = Extract<FaultKind, `device ${string}` | "slow reader" | "second tab">;

export const DEVICE_FAULTS: Readonly<Record<DeviceFault, Fault>> = {
  "device kill": onSome((world, device) => {
    killDevice(world, device);
    startLater(world, device);
  }),
  "device freeze": onSome((world, device) => {
    if (!device.host) return false;
    device.host.frozen_until = world.scheduler.now() + world.random.int(100, 20_000);
    return true;
  }),
  "device wiped": onSome((world, device) => {
    killDevice(world, device);
    rewindStore(world, device, undefined);
    startLater(world, device);
  }),
  "device rewound": onSome((world, device) => {
    if (!device.backup || world.random.chance(0.4)) {
      device.backup = copyTables(device.tables);
      return false;
    }
    killDevice(world, device);
    rewindStore(world, device, device.backup);
    startLater(world, device);
    return true;
  }),
  "slow reader": onSome((world, device) => {
    const until = world.scheduler.now() + world.random.int(500, 70_000);
    for (const stream of device.streams) stream.hold(until);
    return [...device.streams].some((stream) => stream.isOpen());
  }),
  "second tab": onSome((world, device) => {
    if (!isRunning(device)) return false;
    openTab(world, device);
    return true;
  }),
  "device clock": onSome((world, { clock }) => {
    const { random, scheduler } = world;
    if (random.chance(0.25)) return stand(world, clock, "device clock stopped");
    clock.offset_ms =
      random.pick([-1, 1]) * random.pick([50, 3000, 90_000, 3_600_000, 20 * 3_600_000]);
    setRate(scheduler, clock, random.pick([1, 1, 0.95, 1.05]));
    return true;
  }),
};

/** The same session in another tab, with a store of its own: the server turns the first one away. */
function openTab(world: World, first: Device): void {
  const tabs = world.devices.filter(({ who }) => who.session_id === first.who.session_id).length;
  const name = `${first.who.device.split("t")[0]}t${tabs + 1}`;
  const tab: Device = {
    ...first,
    who: { ...first.who, device: name },
    place: name,
    random: world.random.fork(name),
    clock: { ...first.clock },
    tables: memoryTables(),
    backup: undefined,
    host: undefined,
    client: undefined,
    streams: new Set(),
    order: 0,
    open: new Set(),
    sent: [],
    watched: [],
  };
  // Whatever the first tab still has in its outbox is its own affair: nobody opens it again.
  first.ended = true;
  world.devices.push(tab);
  startDevice(world, tab);
  act(world, tab);
}
