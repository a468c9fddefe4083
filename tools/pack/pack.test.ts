import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundle, pack } from "./pack.ts";

/** Bytes of gzip. */
const BUDGET = 15_000;
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

let app = "";

beforeAll(async () => {
  app = await mkdtemp(join(tmpdir(), "damso-app-"));
  await pack(join(app, "node_modules/@damso/sdk"));
}, 60_000);

afterAll(() => rm(app, { recursive: true }));

async function run(...command: string[]): Promise<{ code: number; output: string }> {
  const child = Bun.spawn(command, { cwd: app, stdout: "pipe", stderr: "pipe" });
  const output =
    (await new Response(child.stdout).text()) + (await new Response(child.stderr).text());
  return { code: await child.exited, output };
}

test("the bundle is small", async () => {
  expect(Bun.gzipSync(Buffer.from(await bundle()), { level: 9 }).length).toBeLessThan(BUDGET);
});

test("the package has no dependencies and no sources in it", async () => {
  const folder = join(app, "node_modules/@damso/sdk");
  const manifest = JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as object;
  expect(manifest).not.toHaveProperty("dependencies");
  expect(await readFile(join(folder, "index.js"), "utf8")).not.toMatch(/\bfrom"|valibot/);
});

test("the package type-checks where it is installed, strictly and without the schema library", async () => {
  const types = `
    import { createClient, DamsoError, logIn } from "@damso/sdk";
    import type { Message, UserId } from "@damso/sdk";
    const session = await logIn({ server: "", username: "", password: "" });
    const chat = createClient({ session });
    chat.on("message", ({ message }: { message: Message }) => void message.reactions?.["x"]);
    const sent: number = (await chat.send(chat.direct(session.user_id), "")).seq;
    const kind: "direct" | "group" | undefined = chat.channels()[0]?.kind;
    // @ts-expect-error an id is not any text
    const id: UserId = "x";
    export { DamsoError, id, kind, sent };
  `;
  const options = {
    strict: true,
    noEmit: true,
    module: "nodenext",
    target: "es2024",
    lib: ["es2024"],
  };
  await writeFile(join(app, "package.json"), JSON.stringify({ type: "module" }));
  await writeFile(join(app, "app.ts"), types);
  const config = { compilerOptions: { ...options, types: [] }, files: ["app.ts"] };
  await writeFile(join(app, "tsconfig.json"), JSON.stringify(config));
  expect(await run(join(ROOT, "node_modules/.bin/tsc"), "-p", ".")).toEqual({
    code: 0,
    output: "",
  });
}, 60_000);

test("the package loads on Node", async () => {
  const script = `import { createClient } from "@damso/sdk"; console.log(typeof createClient);`;
  await writeFile(join(app, "app.mjs"), script);
  expect(await run("node", "app.mjs")).toEqual({ code: 0, output: "function\n" });
});
