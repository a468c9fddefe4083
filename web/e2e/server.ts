/** A real server on an empty folder, as `npm start` runs it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Server = {
  url: string;
  /** Ends it without a warning, as a power cut does. */
  kill: () => Promise<void>;
  /** Starts it again at the same address, with what it has on disk. */
  restart: () => Promise<void>;
  stop: () => Promise<void>;
};

/** Opens the administration of the servers that scenes are played on. */
export const ADMIN_TOKEN = "token-of-the-scenes";

const root = join(import.meta.dir, "../..");

export async function startServer(...more: string[]): Promise<Server> {
  const data = await mkdtemp(join(tmpdir(), "damso-page-"));
  let running = await run(data, "0", more);
  const { url } = running;
  const end = async (signal: "SIGTERM" | "SIGKILL"): Promise<void> => {
    running.child.kill(signal);
    await running.child.exited;
  };
  return {
    url,
    kill: () => end("SIGKILL"),
    restart: async () => {
      running = await run(data, new URL(url).port, more);
    },
    stop: async () => {
      await end("SIGTERM");
      await rm(data, { recursive: true, force: true });
    },
  };
}

type Running = {
  child: { kill: (signal: NodeJS.Signals) => void; exited: Promise<number> };
  url: string;
};

async function run(data: string, port: string, more: string[]): Promise<Running> {
  const options = ["--port", port, "--data", data, "--rate-limits", "off"];
  options.push("--admin-token", ADMIN_TOKEN, ...more);
  const child = Bun.spawn([process.execPath, "server/main.ts", ...options], {
    cwd: root,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  return { child, url: await addressOf(child.stdout) };
}

/** The server prints where it is as soon as it takes connections. */
async function addressOf(output: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let printed = "";
  for await (const piece of output) {
    printed += decoder.decode(piece, { stream: true });
    const address = /https?:\/\/\S+/.exec(printed)?.[0];
    if (address !== undefined) return address;
  }
  throw new Error(`the server ended without an address: ${printed}`);
}
