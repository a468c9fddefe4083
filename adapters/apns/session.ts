/**
 * The HTTP/2 connection to APNs: opened when it is needed, kept alive, and replaced when it ends. How many requests it may
 * have at once is Apple's to say: one before the first was taken, and Bun sends more than that to be refused. Rule N14.
 */
import { connect, constants } from "node:http2";
import type { ClientHttp2Session } from "node:http2";

export type Answer = { status: number; headers: Record<string, unknown>; body: string };
export type Request = { path: string; headers: Record<string, string>; body: string };
export type Session = { request(request: Request): Promise<Answer>; close(): Promise<void> };

const ANSWER_CHARS_MAX = 4096;

export type SessionOptions = {
  /** `https://api.push.apple.com`. */
  url: string;
  /** For the whole of a request, the wait for its place included. */
  timeout_ms: number;
  /** A quiet connection says that it is there, and has to hear an answer. */
  ping_ms: number;
  /** For tests: who signed the server's certificate. */
  ca?: string;
};

type Connection = {
  session: ClientHttp2Session;
  /** Requests that it may have at once. */
  places: number;
  under_way: number;
  line: (() => void)[];
  /** Apple has answered on it. */
  proven: boolean;
  /** Takes no request any more; those under way end. */
  over: boolean;
};

/** Requests reject with a code `timeout` or `network`. */
export function createSession(options: SessionOptions): Session {
  let current: Connection | undefined;
  const open = (): Connection => (current = current && isOpen(current) ? current : dial(options));
  return {
    request: (request) => within(options.timeout_ms, (late) => attempt(open, request, late)),
    async close() {
      current?.session.destroy();
    },
  };
}

/**
 * What a connection that has answered before leaves unanswered is asked once more on the next one: it is closed now and
 * then, and a push must not wait for that. One that was taken all the same is taken twice, under the same collapse id.
 */
async function attempt(
  open: () => Connection,
  request: Request,
  late: AbortSignal,
): Promise<Answer> {
  const connection = await enter(open, late);
  try {
    return await ask(connection, request, late);
  } catch (error) {
    if (late.aborted) retire(connection);
    if (late.aborted || !connection.proven) throw error;
  } finally {
    leave(connection);
  }
  const next = await enter(open, late);
  try {
    return await ask(next, request, late);
  } finally {
    leave(next);
  }
}

function dial({ url, ping_ms, timeout_ms, ca }: SessionOptions): Connection {
  const session = connect(url, ca === undefined ? {} : { ca });
  const made = { session, places: 1, under_way: 0, line: [], proven: false, over: false };
  const connection: Connection = made;
  session.on("remoteSettings", ({ maxConcurrentStreams = Number.POSITIVE_INFINITY }) => {
    connection.places = maxConcurrentStreams;
    admit(connection);
  });
  // Apple says so before it closes: the streams that are open end, new ones go to a new connection.
  for (const end of ["goaway", "close", "error"]) session.on(end, () => retire(connection));
  keepAlive(session, ping_ms, timeout_ms);
  return connection;
}

/** A connection that was lost on the way shows nothing of it by itself, and the next push would be late. */
function keepAlive(session: ClientHttp2Session, ping_ms: number, timeout_ms: number): void {
  let silence: ReturnType<typeof setTimeout> | undefined;
  const heard = (): void => {
    clearTimeout(silence);
    silence = undefined;
  };
  const timer = setInterval(() => {
    if (silence !== undefined) return;
    silence = setTimeout(() => session.destroy(), timeout_ms).unref();
    session.ping((error) => {
      heard();
      if (error) session.destroy();
    });
  }, ping_ms).unref();
  session.on("close", () => {
    clearInterval(timer);
    heard();
  });
}

const isOpen = ({ session, over }: Connection): boolean =>
  !over && !session.closed && !session.destroyed;

function retire(connection: Connection): void {
  if (connection.over) return;
  connection.over = true;
  admit(connection);
  if (connection.under_way === 0) connection.session.destroy();
}

/** Whoever is in line goes to the next connection when this one ends, unless it never was one. */
async function enter(open: () => Connection, late: AbortSignal): Promise<Connection> {
  for (;;) {
    late.throwIfAborted();
    const connection = open();
    if (connection.under_way < connection.places) {
      connection.under_way++;
      return connection;
    }
    await new Promise<void>((resolve) => {
      connection.line.push(resolve);
      late.addEventListener("abort", () => resolve(), { once: true });
    });
    if (connection.over && !connection.proven) throw failure("network");
  }
}

function leave(connection: Connection): void {
  connection.under_way--;
  admit(connection);
  if (connection.over && connection.under_way === 0) connection.session.destroy();
}

/** Each looks for itself whether there is a place, in the order in which they came. */
function admit(connection: Connection): void {
  if (!connection.over && connection.under_way >= connection.places) return;
  for (const go of connection.line.splice(0)) go();
}

function ask(
  connection: Connection,
  { path, headers, body }: Request,
  late: AbortSignal,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const stream = connection.session.request({ ":method": "POST", ":path": path, ...headers });
  const cancel = (): void => {
    reject(failure("timeout"));
    stream.close(constants.NGHTTP2_CANCEL);
  };
  late.addEventListener("abort", cancel, { once: true });
  let answer: Record<string, unknown> = {};
  let text = "";
  stream.setEncoding("utf8");
  stream.on("response", (got) => (answer = { ...got }));
  stream.on("data", (part: string) => {
    if (text.length < ANSWER_CHARS_MAX) text += part;
  });
  stream.on("end", () => {
    const status = Number(answer[":status"] ?? 0);
    if (status === 0) return reject(failure("network"));
    connection.proven = true;
    resolve({ status, headers: answer, body: text });
  });
  stream.on("error", () => reject(failure("network")));
  stream.on("close", () => reject(failure("network")));
  stream.end(body);
  return promise.finally(() => late.removeEventListener("abort", cancel));
}

async function within<T>(ms: number, work: (late: AbortSignal) => Promise<T>): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(failure("timeout")), ms);
  try {
    return await work(late.signal);
  } catch (error) {
    // A connection may also be over in the moment in which it is asked.
    throw isNamed(error) ? error : failure("network");
  } finally {
    clearTimeout(timer);
  }
}

const isNamed = (error: unknown): boolean =>
  ["timeout", "network"].includes(String((error as { code?: unknown }).code));

const failure = (code: "timeout" | "network"): Error =>
  Object.assign(new Error(`APNs: ${code}`), { code });
