import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Subprocess } from "bun";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const WITHIN_MS = 20_000;

let data = "";
let server: Subprocess<"ignore", "pipe", "inherit">;
let address = "";

beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "damso-hello-"));
  const flags = ["--port", "0", "--host", "127.0.0.1", "--data", data, "--log-level", "error"];
  server = Bun.spawn([process.execPath, "server/main.ts", ...flags], {
    cwd: ROOT,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });
  [, address = ""] = await printed(server.stdout, /Damso is ready: (http:\/\/\S+)/);
}, WITHIN_MS);

afterAll(async () => {
  server.kill();
  await server.exited;
  await rm(data, { recursive: true });
}, WITHIN_MS);

/** Reads until the pattern is there; what is printed later stays unread. */
async function printed(stream: ReadableStream<Uint8Array>, pattern: RegExp): Promise<string[]> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    const found = pattern.exec(text);
    if (found !== null) return found;
  }
  throw new Error(`ended without ${pattern.source}:\n${text}`);
}

async function block(): Promise<string> {
  const readme = await readFile(join(ROOT, "README.md"), "utf8");
  const [, code] = /<!-- hello:start -->\n```ts\n(.*?)```\n<!-- hello:end -->/s.exec(readme) ?? [];
  return code ?? "";
}

test("the hello world of the README is examples/hello.ts, in six lines", async () => {
  const code = await block();
  expect(code).toBe(await readFile(join(ROOT, "examples/hello.ts"), "utf8"));
  expect(code.trim().split("\n").length).toBeLessThanOrEqual(6);
});

test(
  "the hello world of the README sends a message and gets it",
  async () => {
    const code = (await block()).replace("http://localhost:8080", address);
    const run = Bun.spawn([process.execPath, "-e", code], {
      cwd: join(ROOT, "examples"),
      stdout: "pipe",
      stderr: "inherit",
    });
    try {
      expect(await printed(run.stdout, /안녕.*\n/)).toHaveLength(1);
    } finally {
      run.kill();
      await run.exited;
    }
  },
  WITHIN_MS,
);
