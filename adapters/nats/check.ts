/**
 * What a NATS server must be before a log is trusted to it. It tells every client its version, whether it has JetStream and
 * how large a message may be; whether JetStream syncs before it acknowledges stands only in its monitoring pages, and
 * a server without such an address cannot be asked.
 */
import { jetstreamManager, JetStreamApiError } from "@nats-io/jetstream";
import type { NatsConnection, ServerInfo } from "@nats-io/transport-node";
import { closeNats, greetNats } from "./connect.ts";
import type { NatsOptions } from "./connect.ts";
import { isNatsFailure, natsFailure } from "./failure.ts";
import { PAYLOAD_BYTES_MIN } from "./payload.ts";

export type NatsCheck = NatsOptions & {
  /** `http://host:8222` of the servers, where they have one. */
  monitors?: readonly string[];
};

export type NatsReport = {
  /** Each server that answered is as it must be. */
  servers: { name: string; version: string }[];
  /** Names of the servers whose JetStream was seen to sync each write before it acknowledges it. */
  synced: string[];
  /** Addresses, of servers and of monitoring, that did not answer: nothing is known of them. */
  silent: string[];
};

/** Older ones lose acknowledged records in cases that their issue tracker describes. */
const VERSION_MIN: readonly [number, number] = [2, 15];
const MONITOR_MS = 3000;
const LEADER_MS_MAX = 15_000;
const AGAIN_MS = 250;

/**
 * Asks every address that is given. Rejects with a `NatsFailure`: `too_old`, `no_jetstream`, `unsynced` or `small_payload`
 * when one of them is not as it must be, `unanswered` when none answers or JetStream has no leader for 15 s.
 */
export async function checkNats(options: NatsCheck): Promise<NatsReport> {
  const report: NatsReport = { servers: [], synced: [], silent: [] };
  const failures: unknown[] = [];
  for (const server of options.servers) {
    try {
      report.servers.push(await checkServer({ ...options, servers: [server] }));
    } catch (error) {
      if (!isNatsFailure(error) || error.code !== "unanswered") throw error;
      failures.push(error);
      report.silent.push(withoutPassword(server));
    }
  }
  if (report.servers.length === 0) throw failures[0];
  for (const monitor of options.monitors ?? []) {
    const name = await checkMonitor(monitor);
    if (name === undefined) report.silent.push(withoutPassword(monitor));
    else report.synced.push(name);
  }
  return report;
}

async function checkServer(options: NatsOptions): Promise<{ name: string; version: string }> {
  const connection = await greetNats(options);
  try {
    const { info } = connection;
    if (!info) throw natsFailure("unanswered", "the NATS server did not introduce itself");
    checkInfo(info);
    await checkAccount(connection);
    return { name: info.server_name, version: info.version };
  } finally {
    await closeNats(connection);
  }
}

function checkInfo({ server_name, version, jetstream, max_payload }: ServerInfo): void {
  const who = `the NATS server ${server_name}`;
  if (!isRecent(version))
    throw natsFailure(
      "too_old",
      `${who} is ${version}; at least ${VERSION_MIN.join(".")} it must be`,
    );
  if (!jetstream) throw natsFailure("no_jetstream", `${who} has no JetStream`);
  if (max_payload < PAYLOAD_BYTES_MIN)
    throw natsFailure(
      "small_payload",
      `${who} has max_payload ${max_payload}; at least ${PAYLOAD_BYTES_MIN} it must be`,
    );
}

export function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > VERSION_MIN[0] || (major === VERSION_MIN[0] && minor >= VERSION_MIN[1]);
}

/** While there is no leader nobody answers, as it is in an account without JetStream: only the second lasts. */
async function checkAccount(connection: NatsConnection): Promise<void> {
  const end = performance.now() + LEADER_MS_MAX;
  for (;;) {
    try {
      await jetstreamManager(connection, { timeout: MONITOR_MS });
      return;
    } catch (error) {
      if (error instanceof Error && error.cause instanceof JetStreamApiError)
        throw natsFailure("no_jetstream", "this account of NATS has no JetStream", error);
      if (performance.now() > end)
        throw natsFailure("unanswered", "JetStream does not answer this account", error);
      await Bun.sleep(AGAIN_MS);
    }
  }
}

type Varz = {
  server_name?: string;
  jetstream?: { config?: { sync_always?: boolean } };
};

/**
 * The name of the server, or undefined when its monitoring does not answer. A server that starts answers here before it has
 * its JetStream.
 */
async function checkMonitor(monitor: string): Promise<string | undefined> {
  const end = performance.now() + LEADER_MS_MAX;
  for (;;) {
    const varz = await readVarz(monitor);
    if (!varz) return undefined;
    const { server_name = monitor, jetstream } = varz;
    if (jetstream?.config) {
      if (jetstream.config.sync_always === true) return server_name;
      throw natsFailure(
        "unsynced",
        `JetStream of the NATS server ${server_name} acknowledges before its disk has it: set sync_interval: always`,
      );
    }
    if (performance.now() > end)
      throw natsFailure("no_jetstream", `the NATS server ${server_name} has no JetStream`);
    await Bun.sleep(AGAIN_MS);
  }
}

async function readVarz(monitor: string): Promise<Varz | undefined> {
  try {
    const url = new URL("varz", monitor.endsWith("/") ? monitor : `${monitor}/`);
    const answer = await fetch(url, { signal: AbortSignal.timeout(MONITOR_MS) });
    return answer.ok ? ((await answer.json()) as Varz) : undefined;
  } catch {
    // Its report says that it is silent.
    return undefined;
  }
}

function withoutPassword(address: string): string {
  return address.replace(/\/\/[^@/]*@/, "//");
}
