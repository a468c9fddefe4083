/**
 * One server machine and the programs that run on it, one life after the other: the real gateway, API and relay over an
 * engine, which is a single shard on a disk or a node of a cluster.
 */
import type { Accounts } from "@damso/core/ports/accounts";
import type { Bus, GatewayItem } from "@damso/core/ports/bus";
import type { Discovery } from "@damso/core/ports/discovery";
import type { Command } from "@damso/core/shard/commands";
import type { SessionId } from "@damso/protocol/ids";
import { CODES } from "@damso/protocol/codes";
import { LIMITS } from "@damso/protocol/limits";
import { createCounters } from "@damso/server/gateway/counters";
import type { Counters } from "@damso/server/gateway/counters";
import { createGateway } from "@damso/server/gateway/gateway";
import type { Gateway } from "@damso/server/gateway/gateway";
import { createRateLimits } from "@damso/server/gateway/limits";
import type { Timers } from "@damso/server/gateway/timers";
import { createTypingLimit } from "@damso/server/gateway/typing";
import type { Log } from "@damso/server/log";
import { createRelay } from "@damso/server/relay/relay";
import { newHost, steadyTime, wallTime } from "../kernel/host.ts";
import type { Host, HostClock } from "../kernel/host.ts";
import type { Stream } from "../models/stream.ts";
import { noteWarning } from "../world.ts";
import type { World } from "../world.ts";
import { reachAccounts } from "./accounts.ts";
import type { Api } from "./api.ts";
import { openApi } from "./open-api.ts";

/** What a server runs its gateway and API on. */
export type Engine = {
  bus: Bus;
  discovery: Discovery;
  /** From now on `deliver` gets what homes send to this server's gateway. */
  attachGateway(deliver: (items: readonly GatewayItem[]) => void): void;
  tick(): Promise<void>;
  /** Everything decided is durable, and what was held is given away. */
  stop(): Promise<void>;
  /** True when it owns all that it should, and can write. */
  isReady(): boolean;
};

export type OpenEngine = (
  world: World,
  server: Server,
  host: Host,
  accounts: Accounts,
) => Promise<Engine>;

/** What runs at the moment. */
export type Life = {
  host: Host;
  gateway: Gateway;
  api: Api;
  engine: Engine;
  streams: Set<Stream>;
  counters: Counters;
  /** Sessions that a call of this session has ended and that was not answered yet. */
  ended: Map<SessionId, SessionId[]>;
};

export type Server = {
  name: string;
  clock: HostClock;
  openEngine: OpenEngine;
  lives: number;
  host: Host | undefined;
  life: Life | undefined;
  /** Its disk is being put back: it must not start. */
  held: boolean;
};

const TICK_MS = 250;
const ENGINE_TICK_MS = 500;

/** A machine on which nothing runs yet. */
export function createServer(name: string, clock: HostClock, openEngine: OpenEngine): Server {
  return { name, clock, openEngine, lives: 0, host: undefined, life: undefined, held: false };
}

/** Starts the program; until it is up, whoever calls is turned away. */
export function boot(world: World, server: Server): void {
  if (server.host || server.held || world.dark) return;
  const host = newHost(`${server.name}#${++server.lives}`, server.clock);
  server.host = host;
  world.scheduler.note(`${host.name} starts`);
  run(world, server, host).catch((error: unknown) => {
    noteWarning(world, host.name, "start", error);
    // A program that cannot start ends; whatever looks after it starts it again.
    world.scheduler.after(1000, "start again", host, () => {
      crash(world, server);
      boot(world, server);
    });
  });
}

/** Ends the program between two of its steps, with all that it had in memory. */
export function crash(world: World, server: Server): void {
  const { host, life } = server;
  if (!host) return;
  world.scheduler.note(`${host.name} dies`);
  host.alive = false;
  server.host = undefined;
  server.life = undefined;
  if (life) tallyBounds(world, life);
  world.witness.crashed(host.name);
  for (const stream of life?.streams ?? []) {
    // Some clients are told by the machine, the others find out when they say something or hear nothing.
    if (world.random.chance(0.7)) stream.break();
  }
}

/** Which bounds its sockets came up against. */
export function tallyBounds({ tally }: World, { counters }: Life): void {
  const { bounds, heads } = counters;
  const reached = { ...bounds, "a head was told": heads };
  for (const [name, count] of Object.entries(reached))
    if (count > 0) tally.sometimes(BOUND_PATHS[name] ?? name, count);
}

const BOUND_PATHS: Readonly<Record<string, string>> = {
  lagging: "a socket lagged",
  slow_consumer: "a slow reader was closed",
  held: "events before a welcome were too many",
  ephemeral_shed: "an ephemeral frame was shed",
  rate_limited: "a device was too fast",
  idle: "a silent socket was closed",
  silent: "a socket was closed: home out of reach",
  in_flight: "a socket asked too much at once",
};

/** Ends the program in good order. */
export async function drain(world: World, server: Server): Promise<void> {
  const { host, life } = server;
  if (!host || !life) return;
  world.scheduler.note(`${host.name} drains`);
  await life.gateway.drain(world.random.int(200, 2000));
  await life.engine.stop();
  world.tally.sometimes("a server ended in good order");
  if (server.host === host) crash(world, server);
}

async function run(world: World, server: Server, host: Host): Promise<void> {
  const accounts = reachAccounts(world, host);
  const engine = await server.openEngine(world, server, host, accounts);
  const clock = { now: () => wallTime(world.scheduler, host) };
  const timers = timersOf(world, host);
  const log = logOf(world, host);
  const random = { next: () => world.random.next() };
  const { bus } = engine;
  const relay = createRelay({ outbox: accounts.outbox, bus, timers, random, log });
  const typing = createTypingLimit(clock);
  const rate_limits = createRateLimits(clock, { on: world.plan.rate_limits });
  const api = openApi({
    world,
    host,
    clock,
    timers,
    log,
    random,
    accounts,
    engine,
    relay,
    typing,
    rate_limits,
  });
  const counters = createCounters();
  const gateway = createGateway({
    gateway_id: server.name,
    bus: overheard(world, host, bus),
    clock,
    monotonic: () => steadyTime(world.scheduler, host),
    timers,
    authenticate: (token) => api.authenticate(token),
    isAlive: async ({ session_id }) => (await accounts.sessions.byId(session_id)) !== undefined,
    used: () => {},
    limits: LIMITS,
    rate_limits,
    typing,
    log,
    counters,
    silence_ms_max: world.plan.silence_ms,
  });
  api.attach(gateway);
  engine.attachGateway((items) => gateway.deliver(items));
  every(world, host, TICK_MS, "gateway tick", () => gateway.tick());
  every(world, host, ENGINE_TICK_MS, "engine tick", () => void engine.tick());
  relay.start();
  server.life = {
    host,
    gateway,
    api: api.call,
    engine,
    streams: new Set(),
    counters,
    ended: api.ended,
  };
  world.scheduler.note(`${host.name} is up`);
}

/** Those who judge see what a gateway asks, and when it knows the answer. */
function overheard({ witness }: World, host: Host, bus: Bus): Bus {
  return {
    ...bus,
    async request(command) {
      const answered = witness.asking(host.name, command as Command);
      const result = await bus.request(command);
      if (result.ok || !CODES[result.refusal.code].retry) answered();
      return result;
    },
  };
}

function timersOf({ scheduler }: World, host: Host): Timers {
  return {
    after: (ms, run) => scheduler.after(ms, "timer", host, run),
    soon: (run) => void scheduler.after(0, "soon", host, run),
  };
}

/** Again and again while the host lives, from some moment of the first round on. */
export function every(world: World, host: Host, ms: number, label: string, run: () => void): void {
  const next = (): void => {
    run();
    world.scheduler.after(ms, label, host, next);
  };
  world.scheduler.after(world.random.int(0, ms), label, host, next);
}

function logOf(world: World, host: Host): Log {
  const warn = (message: string, fields?: Readonly<Record<string, unknown>>): void =>
    noteWarning(world, host.name, message, fields?.["error"] ?? "unavailable");
  return { debug() {}, info() {}, warn, error: warn };
}
