/**
 * One node with all its roles: what is created, started, and stopped in which order. Stopping goes the other way:
 * nobody new, sockets away, requests answered, everything decided on disk, files closed.
 */
import { createIdClock } from "@damso/core/ids/snowflake";
import type { NodeRecord } from "@damso/core/ports/discovery";
import type { ShardOwner } from "@damso/core/shard/shard";
import { createShard } from "@damso/core/shard/shard";
import { LIMITS } from "@damso/protocol/limits";
import { refusal } from "@damso/protocol/codes";
import type { Refusal } from "@damso/protocol/codes";
import type { Api } from "./api/api.ts";
import { createApi } from "./api/api.ts";
import { cookieToken, isOwnOrigin } from "./api/origin.ts";
import type { PageProvider } from "./api/page.ts";
import { problemResponse } from "./api/response.ts";
import { openAuth } from "./auth/open.ts";
import type { LiveSessions } from "./auth/live-sessions.ts";
import type { Auth } from "./auth/sessions.ts";
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
import type { Log } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import type { Metrics } from "./metrics.ts";
import { unready } from "./ready.ts";
import { createRelay } from "./relay/relay.ts";
import type { Relay } from "./relay/relay.ts";
import { every, systemClock, systemTimers } from "./timers.ts";
import type { Wiring } from "./wire.ts";

/** Shards count their ids from node 0 up; accounts take the last number, so that no id is made twice. */
const ACCOUNTS_NODE = 1023;
const GATEWAY_ID = "gateway";
const SHARD_TICK_MS = 500;
/** How long requests may take to finish when the node stops. */
const REQUESTS_MS_MAX = 3000;
const REGISTER_MS = 5000;

export type NodeOptions = {
  config: Config;
  wiring: Wiring;
  log: Log;
  page: PageProvider;
  version: string;
};

export type Node = { port: number; stop(): Promise<void> };

type Context = NodeOptions & {
  counters: Counters;
  metrics: Metrics;
  rate_limits: RateLimits;
  typing: TypingLimit;
  origins: string[];
  draining: boolean;
};

export async function startNode(options: NodeOptions): Promise<Node> {
  const at = contextOf(options, () => shard.sizes());
  const shard = await openShard(at);
  const { auth, live } = await openAccounts(at);
  const gateway = openGateway(at, auth, live);
  const relay = openRelay(at);
  const api = openApi(at, { auth, gateway, relay, shard });
  const stopTicking = [
    every(SHARD_TICK_MS, () => void shard.tick()),
    every(TICK_MS, () => gateway.tick()),
  ];
  live.start();
  relay.start();
  const server = listen(at, gateway, api);
  const stopAnnouncing = announce(at);
  return {
    port: server.port ?? 0,
    async stop() {
      at.draining = true;
      await stopAnnouncing();
      await gateway.drain(at.config.drain_ms);
      await stopListening(server);
      await relay.stop();
      await live.stop();
      for (const stop of stopTicking) stop();
      await shard.stop();
      await at.wiring.close();
    },
  };
}

function contextOf(options: NodeOptions, gauges: () => Record<string, number>): Context {
  const { config } = options;
  const counters = createCounters();
  const metrics = createMetrics({ counters, gauges });
  const rate_limits = createRateLimits(systemClock, { on: config.rate_limits });
  const typing = createTypingLimit(systemClock);
  const origins = config.public_url === "" ? [] : [new URL(config.public_url).host];
  return { ...options, counters, metrics, rate_limits, typing, origins, draining: false };
}

async function openShard({ wiring, log, metrics }: Context): Promise<ShardOwner> {
  const shard = await createShard({
    shard: 0,
    store: wiring.store,
    directory: wiring.accounts.directory,
    bus: wiring.bus,
    push: wiring.push,
    clock: systemClock,
    soon: (run) => void setImmediate(run),
    observe: {
      committed: (stats) => metrics.committed(stats),
      failed: (error) =>
        log.error("the store failed: writes are refused until it is back", { error }),
      recovered: () => log.info("the store is back"),
      warned: (what, error) => log.warn("the shard could not finish something", { what, error }),
    },
  });
  wiring.serveShard(shard);
  return shard;
}

async function openAccounts(at: Context): Promise<{ auth: Auth; live: LiveSessions }> {
  const { wiring, config, log } = at;
  const ids = createIdClock(systemClock, ACCOUNTS_NODE, systemClock.now());
  return openAuth({
    accounts: wiring.accounts,
    data_directory: config.data,
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
    gateway_id: GATEWAY_ID,
    bus,
    clock: systemClock,
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
  at.wiring.attachGateway(GATEWAY_ID, (items) => gateway.deliver(items));
  return gateway;
}

const random = { next: (): number => Math.random() };

function openRelay({ wiring, log }: Context): Relay {
  const { bus, accounts } = wiring;
  return createRelay({ outbox: accounts.outbox, bus, timers: systemTimers, random, log });
}

type ApiParts = { auth: Auth; gateway: Gateway; relay: Relay; shard: ShardOwner };

function openApi(at: Context, { auth, gateway, relay, shard }: ApiParts): Api {
  const { wiring, rate_limits, typing, log, page, origins, version, metrics } = at;
  return createApi({
    bus: wiring.bus,
    accounts: wiring.accounts,
    discovery: wiring.discovery,
    auth,
    gateway,
    relay,
    rate_limits,
    typing,
    clock: systemClock,
    random,
    timers: systemTimers,
    log,
    unready: () =>
      unready({
        draining: () => at.draining,
        shardFailure: () => shard.failure(),
        accounts: wiring.accounts,
        timers: systemTimers,
      }),
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
  return counters.connections >= config.capacity
    ? refusal("busy", "this server is full")
    : undefined;
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
    fetch: async (request, server) => countAnswer(at.counters, await api.fetch(request, server)),
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

/** Tells discovery of this node, again and again; the answer withdraws it. */
function announce({ config, wiring, counters, log }: Context): () => Promise<void> {
  const node_id = GATEWAY_ID;
  const { region, zone, capacity, public_url } = config;
  const register = (): void => {
    const record: NodeRecord = {
      node_id,
      roles: ["api", "gateway", "shard"],
      ...(public_url !== "" && { url: public_url }),
      region,
      zone,
      capacity,
      connections: counters.connections,
      draining: false,
    };
    wiring.discovery
      .register(record)
      .catch((error: unknown) => log.warn("discovery does not answer", { error }));
  };
  register();
  const stop = every(REGISTER_MS, register);
  return async () => {
    stop();
    await wiring.discovery.withdraw(node_id);
  };
}
