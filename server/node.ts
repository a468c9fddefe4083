/**
 * One node with all its roles: what is created, started, and stopped in which order. Stopping goes the other way:
 * nobody new, sockets away, requests answered, everything decided on disk, files closed.
 */
import { createIdClock } from "@damso/core/ids/snowflake";
import type { NodeRecord } from "@damso/core/ports/discovery";
import { LIMITS } from "@damso/protocol/limits";
import { refusal } from "@damso/protocol/codes";
import type { Refusal } from "@damso/protocol/codes";
import { openAdministration } from "./admin/open.ts";
import type { Api } from "./api/api.ts";
import { createApi } from "./api/api.ts";
import { cookieToken, isOwnOrigin } from "./api/origin.ts";
import type { PageProvider } from "./api/page.ts";
import type { PushCalls } from "./api/push.ts";
import { problemResponse } from "./api/response.ts";
import { keysFile } from "./auth/keys.ts";
import { openAuth } from "./auth/open.ts";
import type { LiveSessions } from "./auth/live-sessions.ts";
import type { Auth } from "./auth/sessions.ts";
import type { Tickets } from "./auth/tickets.ts";
import type { Config } from "./config.ts";
import { TICK_MS } from "./gateway/bounds.ts";
import type { BunServer } from "./gateway/bun.ts";
import { serve } from "./gateway/bun.ts";
import type { Counters } from "./gateway/counters.ts";
import { countAnswer, createCounters } from "./gateway/counters.ts";
import type { Gateway } from "./gateway/gateway.ts";
import { createGateway } from "./gateway/gateway.ts";
import { createRateLimits } from "./gateway/limits.ts";
import type { RateLimits } from "./gateway/limits.ts";
import { createTypingLimit } from "./gateway/typing.ts";
import type { TypingLimit } from "./gateway/typing.ts";
import type { Log, LogOptions } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import type { Metrics } from "./metrics.ts";
import { unready } from "./ready.ts";
import { createPushCounters } from "./notifier/counters.ts";
import type { PushCounters } from "./notifier/counters.ts";
import { createNotifier } from "./notifier/notifier.ts";
import type { Notifier } from "./notifier/notifier.ts";
import { createRelay } from "./relay/relay.ts";
import type { Relay } from "./relay/relay.ts";
import { createShardCounters } from "./shard/counters.ts";
import type { ShardCounters } from "./shard/counters.ts";
import { openEngine } from "./shard/engine.ts";
import type { Engine } from "./shard/engine.ts";
import { endAll } from "./stopping.ts";
import { every, systemClock, systemTimers } from "./timers.ts";
import type { Wiring } from "./wire.ts";

/** How long requests may take to finish when the node stops. */
const REQUESTS_MS_MAX = 3000;
const REGISTER_MS = 5000;

export type NodeOptions = {
  config: Config;
  wiring: Wiring;
  log: Log;
  /** Of that log. */
  log_level: Pick<LogOptions, "level">;
  page: PageProvider;
  version: string;
};

export type Node = { port: number; stop(): Promise<void> };

type Context = NodeOptions & {
  /** Of this node among those of a cluster. */
  node_id: string;
  counters: Counters;
  shard_counters: ShardCounters;
  push_counters: PushCounters;
  metrics: Metrics;
  rate_limits: RateLimits;
  typing: TypingLimit;
  origins: string[];
  draining: boolean;
};

export async function startNode(options: NodeOptions): Promise<Node> {
  const at = contextOf(options, () => ({ ...engine.sizes(), ...notifier.sizes() }));
  const notifier = openNotifier(at);
  const engine = await openEngine({ ...at, push: notifier });
  const { auth, live, tickets } = await openAccounts(at);
  const gateway = openGateway(at, auth, live);
  const relay = openRelay(at);
  const api = openApi(at, { auth, tickets, gateway, relay, engine, notifier });
  const stopTicking = every(TICK_MS, () => gateway.tick());
  live.start();
  relay.start();
  const server = listen(at, gateway, api);
  const announced = announce(at, server.port ?? 0);
  return {
    port: server.port ?? 0,
    async stop() {
      at.draining = true;
      announced.again();
      await gateway.drain(at.config.drain_ms);
      await stopListening(server);
      stopTicking();
      await endAll({
        relay,
        live,
        engine,
        withdraw: () => announced.withdraw(),
        close: () => at.wiring.close(),
        timers: systemTimers,
        log: at.log,
      });
    },
  };
}

function contextOf(options: NodeOptions, gauges: () => Record<string, number>): Context {
  const { config } = options;
  const counters = createCounters();
  const shard_counters = createShardCounters();
  const push_counters = createPushCounters();
  const { shards, drops = () => ({}) } = options.wiring;
  const cluster = shards.kind === "many" && { count: shards.count, shards: shard_counters, drops };
  // Alerts compare the sockets that there are with the sum of what the nodes take.
  const capacity = config.roles.includes("gateway") ? config.capacity : 0;
  const metrics = createMetrics({
    counters,
    push: push_counters,
    gauges,
    capacity,
    ...(cluster && { cluster }),
  });
  const rate_limits = createRateLimits(systemClock, { on: config.rate_limits });
  const typing = createTypingLimit(systemClock);
  const origins = config.public_url === "" ? [] : [new URL(config.public_url).host];
  const node_id = nodeId(config);
  return {
    ...options,
    node_id,
    counters,
    shard_counters,
    push_counters,
    metrics,
    rate_limits,
    typing,
    origins,
    draining: false,
  };
}

async function openAccounts(
  at: Context,
): Promise<{ auth: Auth; live: LiveSessions; tickets: Tickets }> {
  const { wiring, config, log } = at;
  const ids = createIdClock(systemClock, wiring.accounts_node, systemClock.now());
  return openAuth({
    accounts: wiring.accounts,
    bus: wiring.bus,
    isShared: wiring.shards.kind === "many",
    keys_file: keysFile(config),
    rate_limits: config.rate_limits,
    clock: systemClock,
    timers: systemTimers,
    log,
    ids: { next: () => ids.next().id },
    onRevoked: async (user_id, sessions) => {
      await wiring.bus.request({ kind: "revoke", user_id, sessions });
    },
  });
}

function openGateway(at: Context, auth: Auth, live: LiveSessions): Gateway {
  const { bus, accounts } = at.wiring;
  const gateway = createGateway({
    gateway_id: at.node_id,
    bus,
    clock: systemClock,
    monotonic: () => performance.now(),
    timers: systemTimers,
    authenticate: (token) => auth.authenticate(token),
    isAlive: async ({ session_id }) => (await accounts.sessions.byId(session_id)) !== undefined,
    used: (session_id) => live.note(session_id),
    limits: LIMITS,
    rate_limits: at.rate_limits,
    typing: at.typing,
    log: at.log,
    counters: at.counters,
  });
  at.wiring.attachGateway(at.node_id, (items) => gateway.deliver(items));
  return gateway;
}

const random = { next: (): number => Math.random() };

function openNotifier({ wiring, log, metrics, push_counters }: Context): Notifier {
  const { accounts, bus, push } = wiring;
  return createNotifier({
    accounts,
    bus,
    senders: push.senders,
    log,
    random,
    clock: systemClock,
    timers: systemTimers,
    counters: push_counters,
    delayed: (ms) => metrics.pushed(ms),
  });
}

/** What the API offers of pushes: what is configured. */
function pushCalls({ wiring }: Context, notifier: Notifier): PushCalls {
  const { senders, vapid_public_key } = wiring.push;
  const kinds = (["webpush", "fcm", "apns"] as const).filter((kind) => senders[kind]);
  return {
    vapid_public_key,
    kinds,
    refusal(target) {
      const sender = senders[target.kind];
      return sender ? sender.refusal(target) : `this server does not push by ${target.kind}`;
    },
    test: (user_id, device_id) => notifier.test(user_id, device_id),
  };
}

function openRelay({ wiring, log }: Context): Relay {
  const { bus, accounts } = wiring;
  return createRelay({ outbox: accounts.outbox, bus, timers: systemTimers, random, log });
}

type ApiParts = {
  auth: Auth;
  tickets: Tickets;
  gateway: Gateway;
  relay: Relay;
  engine: Engine;
  notifier: Notifier;
};

function openApi(at: Context, { auth, tickets, gateway, relay, engine, notifier }: ApiParts): Api {
  const { wiring, rate_limits, typing, log, page, origins, version, metrics } = at;
  const ready = (): Promise<string[]> =>
    unready({
      draining: () => at.draining,
      shardFailure: () => engine.failure(),
      accounts: wiring.accounts,
      timers: systemTimers,
    });
  return createApi({
    bus: wiring.bus,
    accounts: wiring.accounts,
    discovery: wiring.discovery,
    blobs: wiring.blobs,
    auth,
    tickets,
    gateway,
    relay,
    rate_limits,
    typing,
    clock: systemClock,
    random,
    timers: systemTimers,
    log,
    unready: ready,
    admin: openAdministration({
      ...at,
      auth,
      relay,
      engine,
      unready: ready,
      testPush: (user_id) => notifier.testAll(user_id),
    }),
    push: pushCalls(at, notifier),
    metrics: () => metrics.render(),
    page,
    origins,
    trusted_proxies: at.config.trusted_proxies,
    version,
  });
}

/** A full node turns sockets away: one more would take from all the others. Rule I20. */
function closedBecause({ draining, counters, config }: Context): Refusal | undefined {
  if (draining) return refusal("busy", "this server is going away");
  if (!config.roles.includes("gateway")) return refusal("busy", "this server takes no sockets");
  return counters.connections >= config.capacity
    ? refusal("busy", "this server is full")
    : undefined;
}

const NO_API: Refusal = refusal("not_found", "this node serves no API");
/** Every node says how it is. */
const HEALTH: ReadonlySet<string> = new Set(["/healthz", "/readyz", "/metrics"]);

function isServed({ config }: Context, request: Request): boolean {
  return config.roles.includes("api") || HEALTH.has(new URL(request.url).pathname);
}

function listen(at: Context, gateway: Gateway, api: Api): BunServer {
  return serve({
    host: at.config.host,
    port: at.config.port,
    gateway,
    frame_bytes_max: LIMITS.frame_bytes_max,
    cookieToken: (request) => (isOwnOrigin(request, at.origins) ? cookieToken(request) : undefined),
    closedBecause: () => closedBecause(at),
    problem: (why, extra) => countAnswer(at.counters, problemResponse(why, extra)),
    fetch: async (request, server) =>
      countAnswer(
        at.counters,
        isServed(at, request) ? await api.fetch(request, server) : problemResponse(NO_API),
      ),
    failed(error) {
      at.log.error("a request failed", { error });
      return countAnswer(at.counters, problemResponse(refusal("unavailable"), { status: 500 }));
    },
  });
}

/** Takes no more requests and finishes those that are under way; one that does not come to an end is cut off. */
async function stopListening(server: BunServer): Promise<void> {
  const cancel = systemTimers.after(REQUESTS_MS_MAX, () => void server.stop(true));
  await server.stop(false);
  cancel();
}

/** Tells discovery of this node, again and again, and at once when it begins to leave. */
function announce(at: Context, port: number): { again(): void; withdraw(): Promise<void> } {
  const { wiring, log, node_id } = at;
  const register = (): void => {
    wiring.discovery
      .register(recordOf(at, port))
      .catch((error: unknown) => log.warn("discovery does not answer", { error }));
  };
  register();
  const stop = every(REGISTER_MS, register);
  return {
    again: register,
    async withdraw() {
      stop();
      // Where nobody can be told, the record ends by itself.
      await wiring.discovery
        .withdraw(node_id)
        .catch((error: unknown) => log.warn("discovery was not told of the leaving", { error }));
    },
  };
}

function recordOf(
  { config, counters, node_id, draining, wiring }: Context,
  port: number,
): NodeRecord {
  const { region, zone, capacity, roles } = config;
  const url = config.public_url !== "" ? config.public_url : wiring.urlOf(config.host, port);
  return {
    node_id,
    roles,
    ...(url !== undefined && roles.includes("gateway") && { url }),
    region,
    zone,
    capacity,
    connections: counters.connections,
    draining,
  };
}

/** Two nodes of one name would fight for their shards, so one that was given none takes a name that nobody has. */
function nodeId({ node_id }: Config): string {
  return node_id === "" ? `node-${crypto.randomUUID().slice(0, 8)}` : node_id;
}
