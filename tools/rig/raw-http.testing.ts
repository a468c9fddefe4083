/**
 * HTTP as bytes: nothing is normalised, so paths, headers and bodies arrive as they were written. One request at a
 * time on a connection that is kept; a new one when the server has closed it.
 */
import type { Socket } from "bun";
import { within } from "./until.ts";

export type RawAnswer = { status: number; headers: Map<string, string>; body: string };

export type RawHttp = {
  /** The answer, or undefined when the server closed the connection instead. */
  ask(request: Uint8Array): Promise<RawAnswer | undefined>;
  end(): void;
};

type Connection = { socket: Socket; received: Buffer; told: () => void; closed: boolean };

export function createRawHttp(port: number): RawHttp {
  let connection: Connection | undefined;
  return {
    async ask(request) {
      if (!connection || connection.closed) connection = await open(port);
      const own = connection;
      own.received = Buffer.alloc(0);
      send(own, Buffer.from(request));
      const answer = await within(answerOf(own), 15_000, () => `an answer to ${quote(request)}`);
      if (answer?.headers.get("connection") === "close") own.socket.terminate();
      return answer;
    },
    end: () => connection?.socket.terminate(),
  };
}

function quote(request: Uint8Array): string {
  return JSON.stringify(Buffer.from(request).toString("latin1").slice(0, 200));
}

async function open(port: number): Promise<Connection> {
  const connection: Connection = {
    socket: undefined as never,
    received: Buffer.alloc(0),
    told: () => {},
    closed: false,
  };
  const end = (): void => {
    connection.closed = true;
    connection.told();
  };
  connection.socket = await Bun.connect({
    hostname: "127.0.0.1",
    port,
    socket: {
      data(_, chunk) {
        connection.received = Buffer.concat([connection.received, chunk]);
        connection.told();
      },
      drain: () => connection.told(),
      close: end,
      error: end,
    },
  });
  return connection;
}

function send(connection: Connection, bytes: Buffer): void {
  let rest = bytes;
  const more = (): void => {
    if (rest.length === 0 || connection.closed) return;
    const written = connection.socket.write(rest);
    rest = written < 0 ? Buffer.alloc(0) : rest.subarray(written);
  };
  more();
  connection.told = more;
}

async function answerOf(connection: Connection): Promise<RawAnswer | undefined> {
  const writeMore = connection.told;
  for (;;) {
    const answer = parse(connection);
    if (answer) return answer;
    if (connection.closed) return undefined;
    await new Promise<void>((resolve) => {
      connection.told = () => {
        writeMore();
        resolve();
      };
    });
  }
}

function parse({ received, closed }: Connection): RawAnswer | undefined {
  const end = received.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [first = "", ...lines] = received.toString("latin1", 0, end).split("\r\n");
  const status = Number(first.split(" ")[1]);
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const rest = received.subarray(end + 4);
  const body = bodyOf(rest, headers, closed, status);
  return body === undefined ? undefined : { status, headers, body };
}

function bodyOf(
  rest: Buffer,
  headers: Map<string, string>,
  closed: boolean,
  status: number,
): string | undefined {
  if (status === 204 || status === 304) return "";
  if (headers.get("transfer-encoding") === "chunked") return unchunk(rest);
  const length = headers.get("content-length");
  if (length === undefined) return closed ? rest.toString() : undefined;
  return rest.length < Number(length) ? undefined : rest.toString("utf8", 0, Number(length));
}

function unchunk(rest: Buffer): string | undefined {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const end = rest.indexOf("\r\n", at);
    if (end < 0) return undefined;
    const size = Number.parseInt(rest.toString("latin1", at, end), 16);
    if (rest.length < end + 2 + size + 2) return undefined;
    if (size === 0) return Buffer.concat(parts).toString();
    parts.push(rest.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
