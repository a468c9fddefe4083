/** A real server on an empty folder, as `npm start` runs it. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export type Server = { url: string; stop: () => Promise<void> };

const root = join(import.meta.dir, "../..");

export async function startServer(): Promise<Server> {
  const data = await mkdtemp(join(tmpdir(), "damso-page-"));
  const child = Bun.spawn([process.execPath, "server/main.ts", "--port", "0", "--data", data], {
    cwd: root,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  const url = await addressOf(child.stdout);
  return {
    url,
    stop: async () => {
      child.kill();
      await child.exited;
      await rm(data, { recursive: true, force: true });
    },
  };
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
