/**
 * A WebSocket on a bare TCP connection: bytes as one likes, and it can stop reading, which the platform's own cannot.
 * RFC 6455: handshake §4.1, frames §5.2, masking §5.3.
 */
import type { Socket } from "bun";
import { SOCKET_PATH, SUBPROTOCOL } from "@damso/protocol/socket";
import { within } from "./until.ts";

export const OPCODE = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;

export type WireFrame = { opcode: number; payload: Buffer };

export type Wire = {
  /** What the server answered to the handshake, head and body. */
  handshake: string;
  /** Bytes as they are. Waits until the kernel has them. */
  write(bytes: Uint8Array): Promise<void>;
  text(text: string): Promise<void>;
  /** From now on each frame goes here; what came before goes first. */
  listen(listener: (frame: WireFrame) => void): void;
  /** Leaves what comes in the kernel, until it is full. */
  pause(): void;
  resume(): void;
  /** The code of the close frame, if one came; resolves when the connection is gone. */
  gone: Promise<number | undefined>;
  end(): void;
};

type Connection = {
  socket: Socket | undefined;
  received: Buffer;
  upgraded: boolean;
  shaken: PromiseWithResolvers<string>;
  gone: PromiseWithResolvers<number | undefined>;
  code: number | undefined;
  frames: WireFrame[];
  listener: ((frame: WireFrame) => void) | undefined;
  outgoing: Buffer[];
  drained: (() => void)[];
};

/** Resolves when the server upgraded, or refused: see `handshake`. */
export async function openWire(port: number, headers: string[] = []): Promise<Wire> {
  const connection: Connection = {
    socket: undefined,
    received: Buffer.alloc(0),
    upgraded: false,
    shaken: Promise.withResolvers(),
    gone: Promise.withResolvers(),
    code: undefined,
    frames: [],
    listener: undefined,
    outgoing: [],
    drained: [],
  };
  connection.socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data: (_, chunk) => take(connection, chunk),
      drain: () => flush(connection),
      close: () => finish(connection),
      error: () => finish(connection),
    },
  });
  const handshake = toHandshake(port, headers);
  void write(connection, Buffer.from(handshake));
  return toWire(connection, await within(connection.shaken.promise, 10_000, () => "a handshake"));
}

function toWire(connection: Connection, handshake: string): Wire {
  const { socket } = connection;
  return {
    handshake,
    write: (bytes) => write(connection, Buffer.from(bytes)),
    text: (text) => write(connection, encode(OPCODE.text, Buffer.from(text))),
    listen(listener) {
      connection.listener = listener;
      for (const frame of connection.frames.splice(0)) listener(frame);
    },
    pause: () => socket?.pause(),
    resume: () => socket?.resume(),
    gone: connection.gone.promise,
    end: () => socket?.terminate(),
  };
}

function toHandshake(port: number, headers: string[]): string {
  const key = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  return [
    `GET ${SOCKET_PATH} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Protocol: ${SUBPROTOCOL}`,
    `Sec-WebSocket-Key: ${key}`,
    ...headers,
    "\r\n",
  ].join("\r\n");
}

/** One frame from the client's side. The mask is zeros, which is a mask like any other. */
export function encode(opcode: number, payload: Uint8Array, final = true): Buffer {
  const { length } = payload;
  const size = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + size + 4);
  head[0] = (final ? 0x80 : 0) | opcode;
  head[1] = 0x80 | (size === 0 ? length : size === 2 ? 126 : 127);
  if (size === 2) head.writeUInt16BE(length, 2);
  if (size === 8) head.writeBigUInt64BE(BigInt(length), 2);
  return Buffer.concat([head, payload]);
}

function write(connection: Connection, bytes: Buffer): Promise<void> {
  connection.outgoing.push(bytes);
  flush(connection);
  if (connection.outgoing.length === 0) return Promise.resolve();
  return new Promise((resolve) => connection.drained.push(resolve));
}

function flush(connection: Connection): void {
  const { outgoing, socket } = connection;
  for (let next = outgoing[0]; next; next = outgoing[0]) {
    const written = socket?.write(next) ?? -1;
    if (written >= 0 && written < next.length) {
      outgoing[0] = next.subarray(written);
      return;
    }
    outgoing.shift();
  }
  for (const resolve of connection.drained.splice(0)) resolve();
}

function take(connection: Connection, chunk: Buffer): void {
  connection.received = Buffer.concat([connection.received, chunk]);
  if (!connection.upgraded && !shake(connection)) return;
  for (let frame = next(connection); frame; frame = next(connection)) {
    if (frame.opcode === OPCODE.close && frame.payload.length >= 2) {
      connection.code = frame.payload.readUInt16BE(0);
    }
    if (connection.listener) connection.listener(frame);
    else connection.frames.push(frame);
  }
}

/** True when the server has upgraded; any other answer is the end of it. */
function shake(connection: Connection): boolean {
  const { received } = connection;
  const end = received.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const text = received.toString("latin1");
  connection.upgraded = text.startsWith("HTTP/1.1 101 ");
  if (connection.upgraded) connection.received = received.subarray(end + 4);
  connection.shaken.resolve(text);
  return connection.upgraded;
}

/** A server's frame is not masked. */
function next(connection: Connection): WireFrame | undefined {
  const { received } = connection;
  if (received.length < 2) return undefined;
  const short = (received[1] ?? 0) & 0x7f;
  const start = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (received.length < start) return undefined;
  const length =
    short < 126
      ? short
      : short === 126
        ? received.readUInt16BE(2)
        : Number(received.readBigUInt64BE(2));
  if (received.length < start + length) return undefined;
  const payload = Buffer.from(received.subarray(start, start + length));
  connection.received = received.subarray(start + length);
  return { opcode: (received[0] ?? 0) & 0x0f, payload };
}

function finish(connection: Connection): void {
  connection.shaken.resolve(connection.received.toString("latin1"));
  connection.outgoing = [];
  for (const resolve of connection.drained.splice(0)) resolve();
  connection.gone.resolve(connection.code);
}
