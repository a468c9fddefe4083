/** One HTTP/2 connection to APNs, opened when it is needed, kept alive, and replaced when it ends. Rule N14. */
import { connect } from "node:http2";
import type { ClientHttp2Session } from "node:http2";

export type Answer = { status: number; headers: Record<string, unknown>; body: string };
export type Request = { path: string; headers: Record<string, string>; body: string };
export type Session = { request(request: Request): Promise<Answer>; close(): Promise<void> };

const ANSWER_CHARS_MAX = 4096;

export type SessionOptions = {
  /** `https://api.push.apple.com`. */
  url: string;
  timeout_ms: number;
  /** A quiet connection says that it is there. */
  ping_ms: number;
  /** For tests: who signed the server's certificate. */
  ca?: string;
};

/** Requests reject with a code `timeout` or `network`. */
export function createSession(options: SessionOptions): Session {
  let current: ClientHttp2Session | undefined;
  const open = (): ClientHttp2Session => {
    if (current && !current.closed && !current.destroyed) return current;
    const session = (current = openSession(options));
    const over = (): void => {
      if (current === session) current = undefined;
    };
    // Apple says so before it closes: the streams that are open end, new ones go to a new connection.
    session.on("goaway", over);
    session.on("close", over);
    session.on("error", over);
    return session;
  };
  return {
    request: (request) => ask(open(), request, options.timeout_ms),
    async close() {
      current?.destroy();
      current = undefined;
    },
  };
}

function openSession({ url, ping_ms, ca }: SessionOptions): ClientHttp2Session {
  const session = connect(url, ca === undefined ? {} : { ca });
  const timer = setInterval(() => {
    if (!session.destroyed) session.ping((error) => error && session.destroy());
  }, ping_ms);
  timer.unref();
  session.on("close", () => clearInterval(timer));
  return session;
}

function ask(
  session: ClientHttp2Session,
  { path, headers, body }: Request,
  timeout_ms: number,
): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const stream = session.request({ ":method": "POST", ":path": path, ...headers });
  const timer = setTimeout(() => {
    reject(failure("timeout"));
    // What does not answer one does not answer the next either.
    session.destroy();
  }, timeout_ms);
  let answer: Record<string, unknown> = {};
  let text = "";
  stream.setEncoding("utf8");
  stream.on("response", (got) => (answer = { ...got }));
  stream.on("data", (part: string) => {
    if (text.length < ANSWER_CHARS_MAX) text += part;
  });
  stream.on("end", () => {
    const status = Number(answer[":status"] ?? 0);
    if (status === 0) reject(failure("network"));
    else resolve({ status, headers: answer, body: text });
  });
  stream.on("error", () => reject(failure("network")));
  stream.on("close", () => reject(failure("network")));
  stream.end(body);
  return promise.finally(() => clearTimeout(timer));
}

const failure = (code: "timeout" | "network"): Error =>
  Object.assign(new Error(`APNs: ${code}`), { code });
