/**
 * Publishes what may get lost, with a bound on what waits in this process: the client takes everything, whether its socket
 * is full or its server is away. How much the server has taken shows when it answers a ping that was sent behind it.
 */
import type { NatsConnection } from "@nats-io/transport-node";
import { payloadBytesMax } from "./payload.ts";

/** `large`: the server does not take messages of this size; `full`: too much is waiting, or the connection is closed. */
export type Sent = "sent" | "large" | "full";

export type Outbound = {
  publish(subject: string, payload: Uint8Array): Sent;
  /** Counts what the caller is about to send by another way; anything but `sent`: it must not. */
  admit(bytes: number): Sent;
};

const WAITING_BYTES_MAX = 32 * 1024 * 1024;
/** After so many the server is asked where it is. */
const ASK_BYTES = 256 * 1024;
/** What a message costs beside its payload, about. */
const MESSAGE_BYTES = 100;

export function createOutbound(
  connection: NatsConnection,
  waiting_bytes_max: number = WAITING_BYTES_MAX,
): Outbound {
  let waiting = 0;
  let asking = false;

  async function ask(): Promise<void> {
    const before = waiting;
    asking = true;
    // When the connection breaks, what waited in it is gone.
    await connection.flush().catch(() => {});
    asking = false;
    waiting -= before;
  }

  function admit(bytes: number): Sent {
    if (bytes > payloadBytesMax(connection)) return "large";
    if (connection.isClosed() || connection.isDraining()) return "full";
    if (waiting >= ASK_BYTES && !asking) void ask();
    if (waiting + bytes + MESSAGE_BYTES > waiting_bytes_max) return "full";
    waiting += bytes + MESSAGE_BYTES;
    return "sent";
  }

  return {
    admit,
    publish(subject, payload) {
      const sent = admit(payload.length);
      if (sent === "sent") connection.publish(subject, payload);
      return sent;
    },
  };
}
