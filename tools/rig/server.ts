/**
 * The real server as a child process on a directory of its own and a free port. Tests look at it from the outside:
 * its sockets, its exit code, what it printed. Each process is ended by its own id.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Subprocess } from "bun";
import { within } from "./until.ts";

const root = join(import.meta.dir, "../..");
const READY = /Damso is ready: http:\/\/[^\s:]+:(\d+)/;
const READY_MS = 20_000;
const STOP_MS = 20_000;

export type Exit = { code: number | null; signal: number | string | null };

export type RigServer = {
  /** `http://127.0.0.1:<port>` */
  origin: string;
  port: number;
  pid: number;
  data: string;
  /** All that it wrote so far, to both outputs. */
  output(): string;
  isRunning(): boolean;
  exited: Promise<Exit>;
  signal(name: "SIGTERM" | "SIGKILL" | "SIGSTOP" | "SIGCONT"): void;
  /** Asks it to stop and waits; kills it, and rejects, when it does not within 20 s. */
  stop(): Promise<Exit>;
  kill(): Promise<Exit>;
};

/** A server that is on its way: it may be killed before it is ready. */
export type Starting = Omit<RigServer, "origin" | "port"> & {
  /** Rejects with its output when it ends before it is ready. */
  ready: Promise<RigServer>;
};

export type StartOptions = {
  /** Kept afterwards; a directory of its own, removed by `endRig`, when absent. */
  data?: string;
  flags?: Record<string, string>;
  /** What stands before the command: a shell that sets limits first, say. */
  wrapper?: readonly string[];
  /** Where the program is, when it is not the one of this checkout. */
  program?: string;
  /** How long it may take until it says that it is ready. */
  ready_ms?: number;
};

const running = new Set<Subprocess>();
const directories = new Set<string>();

/** A directory that `endRig` removes. */
export function temporary(name: string): string {
  const path = mkdtempSync(join(tmpdir(), `damso-${name}-`));
  directories.add(path);
  return path;
}

/** Kills what still runs, each by its own id. */
export async function killServers(): Promise<void> {
  for (const child of running) {
    child.kill("SIGKILL");
    await child.exited;
  }
}

/** For `afterAll`: no process and no directory stays. */
export async function endRig(): Promise<void> {
  await killServers();
  for (const path of directories) rmSync(path, { recursive: true, force: true });
  directories.clear();
}

export function commandOf(
  data: string,
  flags: Record<string, string> = {},
  program: string = root,
): string[] {
  const all = {
    port: "0",
    host: "127.0.0.1",
    data,
    "rate-limits": "off",
    "log-level": "error",
    "log-format": "json",
    "drain-ms": "500",
    ...flags,
  };
  const args = Object.entries(all).flatMap(([name, value]) => [`--${name}`, value]);
  return [process.execPath, join(program, "server/main.ts"), ...args];
}

export function spawnServer(options: StartOptions = {}): Starting {
  const data = options.data ?? temporary("data");
  const command = commandOf(data, options.flags, options.program);
  const child = Bun.spawn([...(options.wrapper ?? []), ...command], {
    cwd: options.program ?? root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  const printed = collect(child);
  const exited = child.exited.then((): Exit => {
    running.delete(child);
    return { code: child.exitCode, signal: child.signalCode };
  });
  const server = {
    pid: child.pid,
    data,
    output: () => printed.text,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    exited,
    signal: (name: "SIGTERM" | "SIGKILL" | "SIGSTOP" | "SIGCONT") => child.kill(name),
    stop: () => stop(child, exited, printed),
    kill: () => {
      child.kill("SIGKILL");
      return exited;
    },
  };
  const ready = portOf(printed, exited, options.ready_ms ?? READY_MS).then((port) => {
    return { ...server, port, origin: `http://127.0.0.1:${port}` };
  });
  // Whoever kills it on the way does not ask for `ready`.
  ready.catch(() => {});
  return { ...server, ready };
}

/** Resolves when it says that it is ready. */
export function startServer(options: StartOptions = {}): Promise<RigServer> {
  return spawnServer(options).ready;
}

type Printed = { text: string; tell: () => void };

function collect(child: Subprocess<"ignore", "pipe", "pipe">): Printed {
  const printed: Printed = { text: "", tell: () => {} };
  const read = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      printed.text += decoder.decode(chunk, { stream: true });
      printed.tell();
    }
  };
  void read(child.stdout);
  void read(child.stderr);
  return printed;
}

function portOf(printed: Printed, exited: Promise<Exit>, ms: number): Promise<number> {
  const found = new Promise<number>((resolve, reject) => {
    printed.tell = () => {
      const port = READY.exec(printed.text)?.[1];
      if (port !== undefined) resolve(Number(port));
    };
    void exited.then(({ code, signal }) =>
      reject(new Error(`the server ended with ${code ?? signal}:\n${printed.text}`)),
    );
  });
  return within(found, ms, () => `the server to be ready:\n${printed.text}`);
}

async function stop(child: Subprocess, exited: Promise<Exit>, printed: Printed): Promise<Exit> {
  child.kill("SIGTERM");
  try {
    return await within(exited, STOP_MS, () => `the server to stop:\n${printed.text}`);
  } catch (error) {
    child.kill("SIGKILL");
    await exited;
    throw error;
  }
}
