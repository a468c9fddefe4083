import type { Socket } from "bun";
import { decodeFrames, encodeFrame, opcode } from "./frames.ts";

/**
 * A WebSocket client on a bare TCP socket. It exists because the generator shares two cores with
 * the server it measures: no event object, one decoding of each chunk, one write for all frames of
 * a turn. Payloads are strings of bytes (latin1), which leaves the ASCII of JSON readable.
 */
export interface Link {
  /** Adds a text frame (ASCII only) to the next write. */
  send(payload: string): void;
  /** Writes what was added. It happens by itself after a chunk has been handled. */
  flush(): void;
  close(): void;
}

/** What the owner of a link hears. */
export interface LinkHandlers {
  /** A text frame; its payload is `text.slice(start, end)`. */
  text(text: string, start: number, end: number): void;
  /** The link is gone: by the server, an error, or our own close. */
  closed(reason: string): void;
}

/** One connection: what came and is not used yet, and what goes and is not written yet. */
interface Connection {
  readonly handlers: LinkHandlers;
  readonly opened: PromiseWithResolvers<Link>;
  socket: Socket | undefined;
  upgraded: boolean;
  received: string;
  outgoing: string;
  /** The end of a write that the kernel did not take. */
  unsent: Buffer | undefined;
}

/** Writes copy out of this before they return, so one buffer serves every socket. */
const scratch = Buffer.allocUnsafe(1 << 20);

/** Connects and shakes hands (RFC 6455 §4.1). Rejects when the server does not upgrade. */
export function connectLink(url: URL, handlers: LinkHandlers): Promise<Link> {
  const connection: Connection = {
    handlers,
    opened: Promise.withResolvers<Link>(),
    socket: undefined,
    upgraded: false,
    received: "",
    outgoing: "",
    unsent: undefined,
  };
  Bun.connect({
    hostname: url.hostname,
    port: Number(url.port),
    socket: {
      binaryType: "buffer",
      open(socket) {
        connection.socket = socket;
        socket.setNoDelay(true);
        socket.write(upgradeRequest(url));
      },
      data: (_, chunk) => take(connection, chunk),
      drain: () => drain(connection),
      close: () => fail(connection, "the connection is closed"),
      error: (_, error) => fail(connection, String(error)),
    },
  }).catch(connection.opened.reject);
  return connection.opened.promise;
}

function toLink(connection: Connection): Link {
  return {
    send(payload) {
      connection.outgoing += encodeFrame(opcode.text, payload);
    },
    flush: () => flush(connection),
    close: () => connection.socket?.end(),
  };
}

function take(connection: Connection, chunk: Buffer): void {
  try {
    connection.received += chunk.toString("latin1");
    if (!connection.upgraded) shakeHands(connection);
    if (!connection.upgraded) return;
    const { received } = connection;
    const used = decodeFrames(received, (code, text, start, end) =>
      takeFrame(connection, code, text, start, end),
    );
    connection.received = used === received.length ? "" : received.slice(used);
    flush(connection);
  } catch (error) {
    fail(connection, String(error));
  }
}

function shakeHands(connection: Connection): void {
  const { received } = connection;
  const end = received.indexOf("\r\n\r\n");
  if (end < 0) return;
  if (!received.startsWith("HTTP/1.1 101 ")) {
    throw new Error(`no upgrade: ${received.slice(0, received.indexOf("\r\n"))}`);
  }
  connection.upgraded = true;
  connection.received = received.slice(end + 4);
  connection.opened.resolve(toLink(connection));
}

function takeFrame(
  connection: Connection,
  code: number,
  text: string,
  start: number,
  end: number,
): void {
  if (code === opcode.text) {
    connection.handlers.text(text, start, end);
  } else if (code === opcode.ping) {
    connection.outgoing += encodeFrame(opcode.pong, text.slice(start, end));
  } else if (code === opcode.close) {
    fail(connection, `closed by the server: ${closeReason(text, start, end)}`);
  }
}

function flush(connection: Connection): void {
  const { outgoing } = connection;
  if (outgoing === "" || connection.unsent) return;
  if (outgoing.length > scratch.length) throw new Error("more than 1 MiB in one write");
  connection.outgoing = "";
  write(connection, scratch.subarray(0, scratch.write(outgoing, "latin1")));
}

function write(connection: Connection, bytes: Buffer): void {
  const written = connection.socket?.write(bytes) ?? -1;
  // A closed socket has told so, or will.
  const all = written < 0 || written === bytes.length;
  connection.unsent = all ? undefined : Buffer.from(bytes.subarray(written));
}

function drain(connection: Connection): void {
  if (connection.unsent) write(connection, connection.unsent);
  flush(connection);
}

function fail(connection: Connection, reason: string): void {
  connection.opened.reject(new Error(reason));
  connection.handlers.closed(reason);
  connection.socket?.end();
}

function upgradeRequest(url: URL): string {
  const key = Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString("base64");
  return [
    `GET ${url.pathname} HTTP/1.1`,
    `Host: ${url.host}`,
    "Connection: Upgrade",
    "Upgrade: websocket",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Protocol: damso.v1",
    `Sec-WebSocket-Key: ${key}`,
    "\r\n",
  ].join("\r\n");
}

/** The close code and reason of a close frame's payload (RFC 6455 §5.5.1). */
function closeReason(text: string, start: number, end: number): string {
  if (end - start < 2) return "no code";
  const code = text.charCodeAt(start) * 256 + text.charCodeAt(start + 1);
  return `${code} ${text.slice(start + 2, end)}`.trim();
}
