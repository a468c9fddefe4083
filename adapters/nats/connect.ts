/** The one connection of a node to NATS: it knows all servers, and comes back by itself for as long as it is open. */
import { connect, errors } from "@nats-io/transport-node";
import type { ConnectionOptions, NatsConnection, Server } from "@nats-io/transport-node";
import { certificateFault } from "../outbound/certificate.ts";
import { watchAnswers } from "./answers.ts";
import { natsFailure } from "./failure.ts";
import { closeNow, watchSilence } from "./silence.ts";

export type NatsOptions = {
  /** `nats://host:port`, or `tls://` with verified certificates; may hold `user:password@`, the same in each. */
  servers: readonly string[];
  /** What servers show of this connection to whoever looks after them. */
  name: string;
  /** Instead of those in the addresses. */
  user?: string;
  password?: string;
};

const HANDSHAKE_MS = 3000;
const PING_MS = 5000;
const PINGS_OUT_MAX = 2;
const RECONNECT_MS = 100;
const RECONNECT_JITTER_MS = 400;
const DRAIN_MS_MAX = 2000;

/**
 * Rejects with `unanswered` when none of the servers takes the connection now, with `misconfigured` when the addresses make
 * no sense or the user is refused, with `certificate` when TLS fails. Once it is open it reconnects for ever: when
 * its server closes, when a request has no answer and a ping neither, or when two pings have none.
 */
export async function connectNats(options: NatsOptions): Promise<NatsConnection> {
  const connection = await open({
    ...addressOf(options),
    maxReconnectAttempts: -1,
    // A server that restarts may not know its users yet.
    ignoreAuthErrorAbort: true,
    reconnectToServer: longestAgo,
  });
  void watchSilence(connection);
  void watchAnswers(connection);
  return connection;
}

/** Not the one that was just lost, which may still take connections and say nothing. */
function longestAgo(servers: readonly Server[]): Server | null {
  const [first = null, ...others] = servers;
  return others.reduce(
    (best, each) => (best && each.lastConnect < best.lastConnect ? each : best),
    first,
  );
}

/** One server only, and what it says of itself; not kept. */
export async function greetNats(options: NatsOptions): Promise<NatsConnection> {
  return await open({ ...addressOf(options), reconnect: false, ignoreClusterUpdates: true });
}

async function open(options: ConnectionOptions): Promise<NatsConnection> {
  try {
    return await connect({
      timeout: HANDSHAKE_MS,
      pingInterval: PING_MS,
      maxPingOut: PINGS_OUT_MAX,
      reconnectTimeWait: RECONNECT_MS,
      reconnectJitter: RECONNECT_JITTER_MS,
      reconnectJitterTLS: RECONNECT_JITTER_MS,
      // A trace for each request costs more than the request.
      noAsyncTraces: true,
      ...options,
    });
  } catch (error) {
    const servers = [options.servers].flat().join(", ");
    if (error instanceof errors.AuthorizationError)
      throw natsFailure("misconfigured", `NATS refuses the user or password: ${servers}`, error);
    const fault = certificateFault(error) ?? withoutTls(error);
    if (fault !== undefined)
      throw natsFailure("certificate", `TLS with NATS at ${servers} fails: ${fault}`, error);
    throw natsFailure("unanswered", `no NATS server takes a connection: ${servers}`, error);
  }
}

/** What a client says whose server has none; it has no code of its own. */
function withoutTls(error: unknown): string | undefined {
  const isIt = error instanceof errors.ConnectionError && error.message.includes("'tls'");
  return isIt ? error.message : undefined;
}

/** Lets what was said go out, for a moment, and closes. */
export async function closeNats(connection: NatsConnection): Promise<void> {
  if (connection.isClosed()) return;
  // Without a server there is nobody to wait for.
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, DRAIN_MS_MAX);
  await Promise.race([connection.drain().catch(() => {}), late.promise]);
  clearTimeout(timer);
  await closeNow(connection);
}

/** The client takes no credentials from addresses. */
function addressOf(options: NatsOptions): ConnectionOptions {
  const urls = options.servers.map(parse);
  const found = new Set(urls.map(({ username, password }) => `${username}:${password}`));
  const [first] = urls;
  if (!first) throw natsFailure("misconfigured", "no address of a NATS server is given");
  if (found.size > 1 && options.user === undefined)
    throw natsFailure("misconfigured", "the addresses of NATS hold different users or passwords");
  const user = options.user ?? decodeURIComponent(first.username);
  const pass = options.password ?? decodeURIComponent(first.password);
  return {
    servers: urls.map(({ host }) => host),
    name: options.name,
    ...(user !== "" && { user, pass }),
    ...(urls.some(({ protocol }) => protocol === "tls:") && { tls: {} }),
  };
}

function parse(address: string): URL {
  const url = URL.parse(address.includes("://") ? address : `nats://${address}`);
  if (!url || !["nats:", "tls:"].includes(url.protocol) || url.host === "")
    throw natsFailure("misconfigured", "an address of NATS is not nats://host:port");
  return url;
}
