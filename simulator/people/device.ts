/**
 * One signed-in device: the real SDK over a store that outlives the app, on a clock of its own. The app is started, is
 * killed between any two of its steps, and starts again; its store may be emptied or put back to an older state.
 */
import type { Client, SendOptions, Session as SdkSession } from "@damso/sdk";
import { createClient } from "@damso/sdk";
import { memoryStore, memoryTables } from "@damso/sdk/store/memory";
import type { MemoryTables } from "@damso/sdk/store/memory";
import { snowflake, snowflakeTime } from "@damso/core/ids/snowflake";
import type { Store } from "@damso/sdk/store/port";
import type { Environment } from "@damso/sdk/environment";
import type { ChannelId, ClientId, DeviceId, SessionId, UserId } from "@damso/protocol/ids";
import type { Who } from "../checkers/witness.ts";
import { newHost, wallTime } from "../kernel/host.ts";
import type { Host, HostClock } from "../kernel/host.ts";
import type { Random } from "../kernel/random.ts";
import { callServer, openSocket } from "../models/internet.ts";
import type { Stream } from "../models/stream.ts";
import { tokenOf } from "../server/open-api.ts";
import type { World } from "../world.ts";

export type Device = {
  who: Who;
  /** The machine, for the network. */
  place: string;
  clock: HostClock;
  random: Random;
  tables: MemoryTables;
  /** An earlier state of `tables`, to be put back one day. */
  backup: MemoryTables | undefined;
  session: SdkSession;
  host: Host | undefined;
  client: Client | undefined;
  lives: number;
  streams: Set<Stream>;
  /** Sends so far, and those of which the app was told nothing yet. */
  order: number;
  open: Set<ClientId>;
  /** What it has sent lately, as it sent it. */
  sent: SendBody[];
  /** Whom it shows. */
  watched: readonly UserId[];
  /** The run of the app that watches everybody. */
  watching: Client | undefined;
  /** Logged out, here or from afar: it is not started again. */
  ended: boolean;
  slow_until: number;
};

export type SendBody = SendOptions & { channel: ChannelId; client_id: ClientId; body: string };

const ACCESS_SECONDS = 900;

/** A device that has just signed in; its app is not started yet. */
export function newDevice(world: World, user_id: UserId, name: string, number: number): Device {
  const random = world.random.fork(name);
  const session_id = `${user_id}s${number}` as SessionId;
  const device_id = snowflake(snowflakeTime(user_id), 1, number) as DeviceId;
  const clock = { offset_ms: 0, rate: 1 };
  signIn(world, user_id, device_id, session_id);
  const device: Device = {
    who: { device: name, user_id, device_id, session_id },
    place: name,
    clock,
    random,
    tables: memoryTables(),
    backup: undefined,
    session: {
      server: world.plan.wiring === "single" ? "http://n1" : "http://lb",
      user_id,
      device_id,
      access_token: tokenOf(session_id, Number.MAX_SAFE_INTEGER),
      refresh_token: `r.${session_id}`,
      expires_at: Number.MAX_SAFE_INTEGER,
    },
    host: undefined,
    client: undefined,
    lives: 0,
    streams: new Set(),
    order: 0,
    open: new Set(),
    sent: [],
    watched: [],
    watching: undefined,
    ended: false,
    slow_until: 0,
  };
  return device;
}

/** What a log-in leaves in the accounts store. */
function signIn(world: World, user_id: UserId, device_id: DeviceId, session_id: SessionId): void {
  world.accounts.sessions.set(session_id, {
    session_id,
    device_id,
    user_id,
    device_name: device_id,
    time_zone: null,
    created_at: 0,
    last_used_at: 0,
    generation: 1,
    confirmed: true,
    family_hash: session_id,
    token_hash: session_id,
    previous_hash: null,
    rotated_at: 0,
  });
}

/** Starts the app; it goes on until it is killed or ended. */
export function startDevice(world: World, device: Device): void {
  const host = newHost(`${device.place}#${++device.lives}`, device.clock);
  device.host = host;
  // Tokens that end: a third of the devices have to renew theirs within the run.
  if (device.random.chance(0.3)) {
    const expires_at =
      wallTime(world.scheduler, host) + device.random.int(61, ACCESS_SECONDS) * 1000;
    device.session = { ...device.session, expires_at };
  }
  const client = createClient({
    session: device.session,
    store: storeOf(world, device, host),
    environment: environmentOf(world, device, host),
    client: "simulated",
  });
  device.client = client;
  client.on("session", (session) => (device.session = session));
  client.on("reset", () => {
    // Another feed than the one that it knows there is only after a restore.
    const why = world.restored ? "the store was put back" : "behind the tail";
    world.tally.sometimes(`a device was reset: ${why}`);
  });
  client.on("error", (error) => world.scheduler.note(`${host.name} error ${error.code}`));
  client.on("state", (state) => {
    if (state.name !== "closed") return;
    world.tally.sometimes(`a device was closed: ${state.reason}`);
    if (state.reason !== "session_ended") return;
    device.ended = true;
    if (world.accounts.sessions.has(device.who.session_id))
      world.bugs.push(`[I21] ${host.name} was told that its session ended, and it has not`);
  });
  client.start().catch((error: { code?: string; message: string }) => {
    world.scheduler.note(`${host.name} did not start: ${error.code ?? error.message}`);
  });
}

/** Ends the app between two of its steps. What its store had taken stays. */
export function killDevice(world: World, device: Device): void {
  const { host } = device;
  if (!host) return;
  world.scheduler.note(`${host.name} is killed`);
  host.alive = false;
  // What was not in its store yet nobody will ever send: it was said to nobody but this app.
  for (const id of device.open) if (!device.tables.outbox.has(id)) world.forgotten.add(id);
  device.host = undefined;
  device.client = undefined;
  for (const stream of device.streams) if (device.random.chance(0.7)) stream.break();
  device.streams.clear();
}

export const isRunning = (device: Device): device is Device & { host: Host; client: Client } =>
  device.client !== undefined && device.host !== undefined;

/** What a store holds, apart from what it will hold. */
export function copyTables(tables: MemoryTables): MemoryTables {
  return {
    cursor: tables.cursor,
    channels: new Map(tables.channels),
    messages: new Map([...tables.messages].map(([id, rows]) => [id, new Map(rows)])),
    outbox: new Map(tables.outbox),
  };
}

/** Puts the store back to an older state, or empties it; the app must not run meanwhile. */
export function rewindStore(world: World, device: Device, to: MemoryTables | undefined): void {
  device.tables = to ? copyTables(to) : memoryTables();
  world.witness.rewound(device.who, to?.cursor);
}

/** The device's own store: every call takes time, and a transaction is there whole or not at all. */
function storeOf(world: World, device: Device, host: Host): Store {
  const { scheduler, witness } = world;
  const inner = memoryStore(device.tables, 500);
  const wait = (mean: number, label: string): Promise<void> =>
    scheduler.pause(0.05 + device.random.exponential(mean), label, host);
  return {
    ...inner,
    async load() {
      await wait(2, "device load");
      return inner.load();
    },
    async messages(channel, from, to) {
      await wait(0.5, "device messages");
      return inner.messages(channel, from, to);
    },
    async apply(change) {
      await wait(1, "device apply");
      await inner.apply(change);
      witness.stored(device.who, change, (channel, seq) =>
        device.tables.messages.get(channel)?.get(seq),
      );
      await wait(0.5, "device applied");
    },
  };
}

function environmentOf(world: World, device: Device, host: Host): Environment {
  const { scheduler } = world;
  return {
    now: () => wallTime(scheduler, host),
    randomBytes: (count) => device.random.bytes(count),
    setTimer: (ms, fire) => scheduler.after(ms, "device timer", host, fire),
    openSocket: (url, _protocol, listeners) => openSocket(world, device, host, url, listeners),
    fetch: (request) => callServer(world, device, host, request),
    openStore: () => Promise.reject(new Error("the store is given")),
  };
}
