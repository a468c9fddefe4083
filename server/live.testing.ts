/** The whole server as a process of its own, and clients that speak to it over real connections. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "@damso/contracts/until";

export const MAIN: string = new URL("./main.ts", import.meta.url).pathname;
const READY_MS_MAX = 20_000;

export type LiveServer = {
  url: string;
  port: string;
  pid: number;
  exited: Promise<number>;
  kill(signal: "SIGTERM" | "SIGINT" | "SIGKILL"): void;
  /** What it wrote as log lines so far. */
  log(): string;
};

const running = new Set<LiveServer>();
const directories = new Set<string>();

export async function makeDirectory(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "damso-live-"));
  directories.add(path);
  return path;
}

/** Kills what a test left behind. */
export async function clearAll(): Promise<void> {
  for (const server of running) server.kill("SIGKILL");
  await Promise.all([...running].map(({ exited }) => exited));
  await Promise.all([...directories].map((path) => rm(path, { recursive: true, force: true })));
  directories.clear();
}

/** Runs the server with these flags until it ends by itself. */
export async function runToEnd(
  ...flags: string[]
): Promise<{ code: number; out: string; err: string }> {
  const child = Bun.spawn([process.execPath, MAIN, ...flags], { stdout: "pipe", stderr: "pipe" });
  const [out, err, code] = await Promise.all([
    child.stdout.text(),
    child.stderr.text(),
    child.exited,
  ]);
  return { code, out, err };
}

export async function startServer(data: string, ...flags: string[]): Promise<LiveServer> {
  const child = Bun.spawn([process.execPath, MAIN, "--port", "0", "--data", data, ...flags], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = [collect(child.stdout), collect(child.stderr)];
  const ready = (): string | undefined => /^Damso is ready: (\S+)\n/.exec(out.text)?.[1];
  const server: LiveServer = {
    url: "",
    port: "",
    pid: child.pid,
    exited: child.exited.finally(() => running.delete(server)),
    kill: (signal) => child.kill(signal),
    log: () => err.text,
  };
  running.add(server);
  await until(() => ready() !== undefined || child.exitCode !== null, "a ready line", READY_MS_MAX);
  const url = ready();
  if (url === undefined) throw new Error(`the server did not start: ${out.text}${err.text}`);
  return Object.assign(server, { url, port: new URL(url).port });
}

function collect(stream: ReadableStream<Uint8Array>): { text: string } {
  const collected = { text: "" };
  const read = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) collected.text += decoder.decode(chunk, { stream: true });
  };
  void read();
  return collected;
}

export type Person = { user_id: string; access_token: string; refresh_token: string };

export async function call(
  server: LiveServer,
  method: string,
  path: string,
  token?: string,
  body?: object,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(new URL(path, server.url), {
    method,
    ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? {} : JSON.parse(text)) as never };
}

export async function signUp(server: LiveServer, username: string): Promise<Person> {
  const password = "correct horse";
  const answer = await call(server, "POST", "/v1/signup", undefined, {
    username,
    password,
    name: username,
  });
  if (answer.status >= 300) throw new Error(JSON.stringify(answer));
  return answer.body as unknown as Person;
}

type Frame = Record<string, unknown> & { type: string };

export type LiveSocket = {
  socket: WebSocket;
  frames: Frame[];
  closed: Promise<{ code: number }>;
  /** Sends a frame and waits for the reply with its id. */
  ask(frame: object): Promise<Frame>;
  of(type: string): Frame[];
};

let lastId = 0;

/** A socket behind its welcome. */
export async function connect(
  server: LiveServer,
  person: Pick<Person, "access_token">,
  hello: object = {},
): Promise<LiveSocket> {
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/v1/socket`, "damso.v1");
  const frames: Frame[] = [];
  socket.onmessage = ({ data }) => void frames.push(JSON.parse(data as string) as Frame);
  const closed = new Promise<{ code: number }>((resolve) => (socket.onclose = resolve));
  await new Promise((resolve, reject) => {
    socket.onopen = resolve;
    socket.onerror = reject;
  });
  const client: LiveSocket = {
    socket,
    frames,
    closed,
    of: (type) => frames.filter((frame) => frame.type === type),
    async ask(frame) {
      const id = ++lastId;
      socket.send(JSON.stringify({ ...frame, id }));
      const reply = (): Frame | undefined => frames.find((one) => one["id"] === id);
      await until(() => reply() !== undefined, `a reply to ${JSON.stringify(frame)}`);
      return reply() as Frame;
    },
  };
  const welcome = await client.ask({ type: "hello", token: person.access_token, ...hello });
  if (welcome.type !== "welcome") throw new Error(JSON.stringify(welcome));
  return client;
}
