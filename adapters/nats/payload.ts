/** How large one message may be. */
import type { NatsConnection } from "@nats-io/transport-node";

/** A record of a log is up to 900,000 UTF-16 units, which are up to three bytes each; with room for one large decision. */
export const PAYLOAD_BYTES_MIN: number = 4 * 1024 * 1024;

/** The server counts the headers too. */
const HEADER_BYTES = 1024;

/** What the server takes now; it does not say while the connection is away. */
export function payloadBytesMax(connection: NatsConnection): number {
  return (connection.info?.max_payload ?? PAYLOAD_BYTES_MIN) - HEADER_BYTES;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function encodeJson(value: unknown): Uint8Array {
  return encoder.encode(JSON.stringify(value));
}

/** Undefined when the bytes are no JSON: anybody in the network may send anything. */
export function decodeJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes));
  } catch {
    return undefined;
  }
}

export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

export function decodeText(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}
