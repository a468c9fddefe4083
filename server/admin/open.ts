/** The administration of a node, put together of what the node has. */
import { identify } from "../api/auth.ts";
import type { Auth } from "../auth/sessions.ts";
import type { Config } from "../config.ts";
import type { Counters } from "../gateway/counters.ts";
import type { Log, LogOptions } from "../log.ts";
import type { Metrics } from "../metrics.ts";
import type { Relay } from "../relay/relay.ts";
import type { Engine } from "../shard/engine.ts";
import { systemClock, systemTimers } from "../timers.ts";
import type { Wiring } from "../wire.ts";
import { createAccess } from "./access.ts";
import { createAdministration } from "./admin.ts";
import type { Administration, AdministrationDeps, PushTest } from "./admin.ts";

export type AdminParts = {
  config: Pick<Config, "admin_token" | "admin_first_user">;
  node_id: string;
  version: string;
  wiring: Pick<Wiring, "accounts" | "bus" | "discovery" | "shards">;
  counters: Counters;
  metrics: Pick<Metrics, "commits">;
  auth: Auth;
  relay: Relay;
  engine: Pick<Engine, "failure" | "sizes">;
  origins: readonly string[];
  log: Log;
  log_level: Pick<LogOptions, "level">;
  unready(): Promise<string[]>;
  testPush?: PushTest;
};

export function openAdministration(parts: AdminParts): Administration {
  const { config, wiring, auth, engine, metrics, testPush } = parts;
  const { accounts, bus, discovery, shards } = wiring;
  const access = createAccess({
    token: config.admin_token,
    first_user: config.admin_first_user,
    users: accounts.users,
    identify: (request) => identify(parts, request),
    clock: systemClock,
  });
  return createAdministration({
    access,
    accounts,
    auth,
    bus,
    discovery,
    in_cluster: shards.kind === "many",
    rows: shards.kind === "one" ? shards.store : shards.table,
    node_id: parts.node_id,
    version: parts.version,
    counters: parts.counters,
    sizes: () => engine.sizes(),
    commits: () => metrics.commits(),
    usage,
    unready: () => parts.unready(),
    failure: () => engine.failure(),
    relay: parts.relay,
    log: parts.log,
    log_level: parts.log_level,
    clock: systemClock,
    timers: systemTimers,
    monotonic: () => performance.now(),
    ...(testPush && { testPush }),
  });
}

function usage(): ReturnType<AdministrationDeps["usage"]> {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    memory_bytes: rss,
    heap_bytes: heapUsed,
    cpu_seconds: (user + system) / 1e6,
    uptime_seconds: process.uptime(),
  };
}
