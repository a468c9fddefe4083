/**
 * Servers that keep their connection and answer nothing: one that is stopped, or behind a network that drops everything. The
 * client's pings find that out after 10 to 15 s, which is too long for a shard, and then it waits until its socket has
 * written everything before it lets go, which such a server prevents for many minutes.
 */
import { errors } from "@nats-io/transport-node";
import type { NatsConnection } from "@nats-io/transport-node";
import { natsFailure } from "./failure.ts";
import type { NatsFailure } from "./failure.ts";

/** How long a server may take to answer a ping after a request to it had no answer. */
const PONG_MS_MAX = 1500;
const LET_GO_MS = 500;

/** Runs for as long as the connection is open. */
export async function watchSilence(connection: NatsConnection): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  for await (const { type } of connection.status()) {
    if (type === "staleConnection" || type === "forceReconnect") {
      clearTimeout(timer);
      timer = setTimeout(() => cut(connection), LET_GO_MS);
    }
    if (type === "disconnect") clearTimeout(timer);
  }
  clearTimeout(timer);
}

/** Closes for good, whatever waits in the socket. */
export async function closeNow(connection: NatsConnection): Promise<void> {
  const timer = setTimeout(() => cut(connection), LET_GO_MS);
  await connection.close();
  clearTimeout(timer);
}

/** What the client does not show. It notices that the socket is gone, as it does when the other side closes it. */
type Inside = { protocol?: { transport?: { socket?: { destroy(): void } } } };

function cut(connection: NatsConnection): void {
  (connection as Inside).protocol?.transport?.socket?.destroy();
}

const asked = new WeakSet<NatsConnection>();

/** The failure of a request; one that had no answer in time makes the connection ask whether its server is still there. */
export function unanswered(connection: NatsConnection, what: string, cause: unknown): NatsFailure {
  if (cause instanceof errors.TimeoutError) void askServer(connection);
  const why = cause instanceof Error ? cause.message : String(cause);
  return natsFailure("unanswered", `${what}: ${why}`, cause);
}

async function askServer(connection: NatsConnection): Promise<void> {
  if (asked.has(connection) || connection.isClosed()) return;
  asked.add(connection);
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(() => late.resolve("late"), PONG_MS_MAX);
  // Rejects when the connection breaks: then the client reconnects by itself.
  const pong = connection.flush().catch(() => {});
  if ((await Promise.race([pong, late.promise])) === "late") await connection.reconnect();
  clearTimeout(timer);
  asked.delete(connection);
}
