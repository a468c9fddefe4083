import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { adopt, end } from "./children.ts";

/** A server under load. */
export interface Server {
  readonly origin: string;
  readonly pid: number;
  /** False once the process has ended by itself. */
  alive(): boolean;
  /** What it wrote to its outputs. */
  output(): Promise<string>;
  stop(): Promise<void>;
}

/** The command of a server, given its port and its data directory. */
export type Command = (port: number, data: string) => string[];

const readyMilliseconds = 20_000;
const root = join(import.meta.dir, "../..");

/** The bare loop; see `bench/floor/server.ts`. */
export const floorCommand: Command = (port, data) => [
  join(root, "bench/floor/server.ts"),
  ...flags({ port: String(port), data }),
];

/** The server itself, every role in one process, without limits on the rate of sends. */
export const damsoCommand: Command = (port, data) => [
  join(root, "server/main.ts"),
  ...flags({ port: String(port), host: "127.0.0.1", data }),
  ...flags({ "rate-limits": "off", "log-level": "error" }),
];

/** Starts a server and waits until it is ready; throws with its output if it does not get there. */
export async function startServer(command: Command, directory: string): Promise<Server> {
  const data = join(directory, "data");
  mkdirSync(data, { recursive: true });
  const log = Bun.file(join(directory, "output.log"));
  const port = freePort();
  const child = adopt(
    Bun.spawn([process.execPath, ...command(port, data)], {
      cwd: root,
      stdin: "ignore",
      stdout: log,
      stderr: log,
    }),
  );
  const origin = `http://127.0.0.1:${port}`;
  const alive = (): boolean => child.exitCode === null && child.signalCode === null;
  const ready = await becomesReady(`${origin}/readyz`, alive);
  const output = (): Promise<string> => log.text();
  if (!ready) {
    await end(child);
    throw new Error(`${command(port, data)[0]} did not become ready:\n${await output()}`);
  }
  return { origin, pid: child.pid, alive, output, stop: () => end(child) };
}

async function becomesReady(url: string, alive: () => boolean): Promise<boolean> {
  const deadline = Date.now() + readyMilliseconds;
  while (alive() && Date.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.status === 200) return true;
    await Bun.sleep(50);
  }
  return false;
}

function flags(values: Record<string, string>): string[] {
  return Object.entries(values).flatMap(([name, value]) => [`--${name}`, value]);
}

/** A port that was free a moment ago. */
function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}
