/** Everything that goes wrong, and when. Each kind comes again and again while the faults last; healing ends them all. */
import { isRunning, killDevice, startDevice } from "../people/device.ts";
import type { Device } from "../people/device.ts";
import { boot, crash, drain } from "../server/server.ts";
import type { Server } from "../server/server.ts";
import { setRate, startClock } from "../kernel/host.ts";
import { CALM } from "../models/network.ts";
import type { Weather } from "../models/network.ts";
import type { FaultKind } from "../plan.ts";
import type { World } from "../world.ts";
import { stand } from "./clocks.ts";
import { DEVICE_FAULTS } from "./devices.ts";
import { STORAGE_FAULTS } from "./storage.ts";
import { until } from "./until.ts";

/** Begins one fault, and arranges what ends it. False when there was nothing that it could be done to. */
export type Fault = (world: World) => boolean;

/** From now on each fault of the plan begins again and again, until it is healed. */
export function unleash(world: World): void {
  for (const kind of world.plan.faults) again(world, kind);
}

function again(world: World, kind: FaultKind): void {
  const { scheduler, random, plan } = world;
  scheduler.after(random.exponential(plan.fault_ms), `nemesis ${kind}`, undefined, () => {
    if (world.healing) return;
    scheduler.note(`fault: ${kind}`);
    if (FAULTS[kind](world)) world.tally.fault(kind);
    again(world, kind);
  });
}

const someServer = (world: World): Server => world.random.pick(world.servers);

/** Starts the server again after a while, unless somebody else did. */
export function restart(world: World, server: Server): void {
  const longest_ms = world.random.chance(0.1) ? 40_000 : 4000;
  // One that drained while all others healed.
  if (world.healing) return boot(world, server);
  world.scheduler.after(world.random.int(20, longest_ms), "start again", undefined, () => {
    if (!server.host) boot(world, server);
  });
}

/** A change of the weather for a while, everywhere or on the links of some machines; what others changed stays. */
function weather(world: World, change: Partial<Weather>, ms: number): boolean {
  const bad = Object.values(change).some((share) => share > 0);
  if (world.random.chance(0.5)) return localWeather(world, change, ms) && bad;
  const { network } = world;
  network.weather = { ...network.weather, ...change };
  const keys = Object.keys(change) as (keyof Weather)[];
  until(world, ms, () => {
    network.weather = { ...network.weather };
    for (const key of keys) network.weather[key] = CALM[key];
  });
  return bad;
}

function localWeather(world: World, change: Partial<Weather>, ms: number): boolean {
  const { network, random } = world;
  const places = placesOf(world).filter(() => random.chance(0.3));
  const local = new Map(network.local);
  for (const place of places) local.set(place, { ...CALM, ...local.get(place), ...change });
  network.local = local;
  until(world, ms, () => {
    const rest = new Map(network.local);
    for (const place of places) rest.delete(place);
    network.local = rest;
  });
  return places.length > 0;
}

const placesOf = ({ servers, devices, engines }: World): string[] => [
  ...servers.map(({ name }) => name),
  ...devices.map(({ place }) => place),
  ...engines,
];

const NETWORK_FAULTS = {
  "slow network": (world: World) =>
    weather(world, { delay_ms: world.random.int(20, 400) }, world.random.int(500, 8000)),
  "lossy network": (world: World) =>
    weather(world, { loss: world.random.pick([0.02, 0.1, 0.3]) }, world.random.int(500, 8000)),
  partition: (world: World) => cut(world, true),
  "one-way cut": (world: World) => cut(world, false),
  "all disconnected"(world: World) {
    const streams = world.servers.flatMap(({ life }) => [...(life?.streams ?? [])]);
    for (const stream of streams) stream.break();
    return streams.length > 0;
  },
  "lossy bus"(world: World) {
    const { random } = world;
    const change = {
      loss: random.pick([0, 0.05, 0.2]),
      doubling: random.pick([0, 0.05, 0.2]),
      overtaking: random.pick([0, 0.1, 0.3]),
    };
    return weather(world, change, random.int(500, 10_000));
  },
} satisfies Partial<Record<FaultKind, Fault>>;

/** Some machines lose some others, in both directions or in one. */
function cut(world: World, both: boolean): boolean {
  const { random, network } = world;
  const places = placesOf(world);
  const side = new Set(places.filter(() => random.chance(0.4)));
  const mends: (() => void)[] = [];
  for (const from of side) {
    for (const to of places) {
      if (side.has(to)) continue;
      mends.push(network.cut(from, to));
      if (both) mends.push(network.cut(to, from));
    }
  }
  until(world, random.int(300, random.pick([5000, 30_000, 90_000])), () => {
    for (const mend of mends) mend();
  });
  return side.size > 0 && side.size < places.length;
}

const SERVER_FAULTS = {
  "server crash"(world: World) {
    const server = someServer(world);
    if (!server.host) return false;
    crash(world, server);
    restart(world, server);
    return true;
  },
  "server freeze"(world: World) {
    const { host } = someServer(world);
    if (!host) return false;
    host.frozen_until = world.scheduler.now() + world.random.int(100, 12_000);
    return true;
  },
  "server drain"(world: World) {
    const server = someServer(world);
    if (!server.life) return false;
    void drain(world, server).then(() => restart(world, server));
    return true;
  },
  "server clock"(world: World) {
    const { clock } = someServer(world);
    const { random } = world;
    if (random.chance(0.25)) return stand(world, clock, "server clock stopped");
    clock.offset_ms += random.pick([-1, 1]) * random.pick([1, 20, 900, 5000, 45_000, 90_000]);
    setRate(world.scheduler, clock, random.pick([1, 1, 0.98, 1.02]));
    return true;
  },
} satisfies Partial<Record<FaultKind, Fault>>;

const FAULTS: Record<FaultKind, Fault> = {
  ...NETWORK_FAULTS,
  ...SERVER_FAULTS,
  ...STORAGE_FAULTS,
  ...DEVICE_FAULTS,
};

/** All servers are away for long enough that who asks for them asks more and more rarely. */
export function night(world: World, ms: number): void {
  if (ms === 0) return;
  world.scheduler.note("night");
  world.tally.fault("all servers away for long");
  world.dark = true;
  for (const server of world.servers) crash(world, server);
  world.scheduler.run(world.scheduler.now() + ms);
  world.dark = false;
}

/** No more faults: machines run, ways are open, disks have room. Clocks go, and stay wrong if they are. */
export function heal(world: World): void {
  world.scheduler.note("healing");
  world.healing = true;
  world.network.heal();
  world.network.weather = CALM;
  world.network.local = new Map();
  world.accounts_faults = { unavailable: 0, delay_ms: 0.3 };
  world.repair();
  for (const { clock } of [...world.servers, ...world.devices])
    startClock(world.scheduler, clock, true);
  for (const server of world.servers) {
    if (server.host) world.scheduler.wake(server.host);
    else boot(world, server);
  }
  for (const device of world.devices) revive(world, device);
  // A tab that was turned away for another one learns of it when that is gone already.
  for (const ms of [1000, 4000, 9000, 16_000, 25_000])
    world.scheduler.after(ms, "tabs are opened", undefined, () => {
      for (const device of world.devices) if (!device.ended) revive(world, device);
    });
}

function revive(world: World, device: Device): void {
  if (device.ended) return killDevice(world, device);
  if (device.host) world.scheduler.wake(device.host);
  for (const stream of device.streams) stream.hold(0);
  const state = isRunning(device) ? device.client.state() : undefined;
  // Another tab took its place and is gone; nothing else closes an app for good whose session lives.
  if (state?.name === "closed" && state.reason === "replaced") killDevice(world, device);
  if (!device.host) startDevice(world, device);
}
