/**
 * Makes what is published of the SDK: one minified module for browsers, Node and Bun, its declarations, and a
 * package.json without dependencies.
 */
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { printTypes } from "./print-types.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const SDK = join(ROOT, "sdk");

/** The module as it is published. */
export async function bundle(): Promise<string> {
  const built = await Bun.build({
    entrypoints: [join(SDK, "index.ts")],
    target: "browser",
    format: "esm",
    minify: true,
  });
  const [output] = built.outputs;
  if (output === undefined) throw new Error("nothing was bundled");
  return output.text();
}

/** Writes the whole package into an empty or missing folder. */
export async function pack(into: string): Promise<void> {
  await mkdir(into, { recursive: true });
  await writeFile(join(into, "index.js"), await bundle());
  await writeDeclarations(into);
  await writeManifest(into);
  await cp(join(SDK, "README.md"), join(into, "README.md"));
  await cp(join(ROOT, "LICENSE"), join(into, "LICENSE"));
}

async function writeManifest(into: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(SDK, "package.json"), "utf8")) as {
    name: string;
    version: string;
    description: string;
    license: string;
  };
  const { name, version, description, license } = manifest;
  const entry = { types: "./index.d.ts", default: "./index.js" };
  const published = {
    name,
    version,
    description,
    license,
    type: "module",
    sideEffects: false,
    engines: { node: ">=22" },
    exports: { ".": entry },
  };
  await writeFile(join(into, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
}

/** Only what `index.d.ts` reaches; the wire types are printed, the codes and ids are plain already. */
async function writeDeclarations(into: string): Promise<void> {
  const all = await mkdtemp(join(tmpdir(), "damso-sdk-"));
  try {
    await emit("sdk", join(all, "sdk"));
    await emit("protocol", join(all, "protocol"));
    const parts = ["codes", "ids"].map((name) => `export type * from "./${name}.js";\n`).join("");
    const ids = 'import type { ChannelId, ClientId, DeviceId, MessageId } from "./ids.js";\n';
    const more = 'import type { SessionId, UserId } from "./ids.js";\n';
    await writeFile(join(all, "protocol/index.d.ts"), `${ids}${more}${parts}${printTypes()}`);
    const written = new Set<string>();
    await copyReached(all, "sdk/index", into, written);
  } finally {
    await rm(all, { recursive: true });
  }
}

async function emit(workspace: string, outDir: string): Promise<void> {
  const tsc = join(ROOT, "node_modules/.bin/tsc");
  const options = ["--outDir", outDir, "--composite", "false", "--incremental", "false"];
  const run = Bun.spawn([tsc, "-p", join(ROOT, workspace), ...options], {
    stdout: "inherit",
    stderr: "inherit",
  });
  if ((await run.exited) !== 0) throw new Error(`tsc failed on ${workspace}`);
  if ((await readdir(outDir)).length === 0) throw new Error(`tsc wrote nothing for ${workspace}`);
}

const IMPORT = /(?<=from ")([^"]+)(?=")/g;

/** Copies one declaration and what it imports; `module` is its path in `all` without an extension. */
async function copyReached(
  all: string,
  module: string,
  into: string,
  written: Set<string>,
): Promise<void> {
  if (written.has(module)) return;
  written.add(module);
  const text = await readFile(join(all, `${module}.d.ts`), "utf8");
  const reached: string[] = [];
  const rewritten = text.replace(IMPORT, (specifier) => {
    const target = resolve(module, specifier);
    reached.push(target);
    const relative = posix.relative(placeOf(posix.dirname(module)), placeOf(target));
    return `${relative.startsWith(".") ? "" : "./"}${relative}.js`;
  });
  const file = join(into, `${placeOf(module)}.d.ts`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, rewritten);
  for (const target of reached) await copyReached(all, target, into, written);
}

function resolve(from: string, specifier: string): string {
  if (specifier === "@damso/protocol") return "protocol/index";
  if (specifier.startsWith("@damso/")) return specifier.slice("@damso/".length);
  return posix.join(posix.dirname(from), specifier.replace(/\.(ts|js)$/, ""));
}

/** The SDK's own modules stand at the top of the package, the protocol's in a folder. */
function placeOf(module: string): string {
  return module === "sdk" ? "" : module.replace(/^sdk\//, "");
}
