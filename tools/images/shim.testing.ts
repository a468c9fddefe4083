/** Compiles the shim and starts processes under it. Linux with a C compiler; undefined elsewhere. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "../..");
const SOURCE = join(import.meta.dir, "shim.c");

/** The path of the compiled shim, made anew when its source has changed. */
export async function compileShim(): Promise<string | undefined> {
  if (process.platform !== "linux" || Bun.which("cc") === null) return undefined;
  const cache = join(root, "node_modules/.cache/damso-images");
  mkdirSync(cache, { recursive: true });
  const path = join(cache, `shim-${Bun.hash(await Bun.file(SOURCE).text()).toString(36)}.so`);
  if (await Bun.file(path).exists()) return path;
  const made = `${path}.${process.pid}`;
  const compiled = Bun.spawnSync(
    ["cc", "-shared", "-fPIC", "-O1", "-o", made, SOURCE, "-ldl", "-lpthread"],
    { stderr: "pipe" },
  );
  if (compiled.exitCode !== 0)
    throw new Error(`the shim does not compile:\n${compiled.stderr.toString()}`);
  // Whoever compiles at the same time makes the same.
  Bun.spawnSync(["mv", made, path]);
  return path;
}
