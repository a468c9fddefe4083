/**
 * The web page as files in memory, built from the source with what is installed and nothing else.
 * The result is kept in a folder under `node_modules/.cache/`, named after a hash of everything that went in, so that a
 * second start only reads it.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** `type` is the content type with its charset, `etag` a strong entity tag with its quotes. */
export type PageFile = { body: Uint8Array<ArrayBuffer> | string; type: string; etag: string };

const web = import.meta.dir;
const root = join(web, "..");
const cache = join(root, "node_modules/.cache/damso-page");
/** Everything that the bundler reads, and this file. */
const sources = [
  "web/build.ts",
  "web/model",
  "web/view",
  "web/style",
  "web/static",
  "sdk",
  "protocol",
];
const manifests = ["package-lock.json"];

const types = {
  "/": "text/html; charset=utf-8",
  "/app.js": "text/javascript; charset=utf-8",
  "/app.css": "text/css; charset=utf-8",
  "/favicon.svg": "image/svg+xml; charset=utf-8",
  "/manifest.webmanifest": "application/manifest+json; charset=utf-8",
} as const;
type Path = keyof typeof types;
const paths = Object.keys(types) as Path[];

/** Every file of the page by its path. Rejects when the source does not build. */
export async function buildPage(): Promise<Map<string, PageFile>> {
  const folder = join(cache, await hashOfSources());
  const texts = (await readAll(folder)) ?? (await buildInto(folder));
  return new Map(paths.map((path) => [path, toFile(path, texts[path])]));
}

function toFile(path: Path, body: string): PageFile {
  const hash = createHash("sha256").update(body).digest("base64url").slice(0, 22);
  return { body, type: types[path], etag: `"${hash}"` };
}

function nameOf(path: Path): string {
  return path === "/" ? "index.html" : path.slice(1);
}

async function readAll(folder: string): Promise<Record<Path, string> | undefined> {
  try {
    return await collect((path) => readFile(join(folder, nameOf(path)), "utf8"));
  } catch {
    return undefined;
  }
}

async function buildInto(folder: string): Promise<Record<Path, string>> {
  const [script, style] = await Promise.all([
    bundle(join(web, "view/main.tsx")),
    bundle(join(web, "style/app.css")),
  ]);
  const built: Partial<Record<Path, string>> = { "/app.js": script, "/app.css": style };
  const texts = await collect(
    async (path) => built[path] ?? readFile(join(web, "static", nameOf(path)), "utf8"),
  );
  await keep(folder, texts);
  return texts;
}

async function bundle(entry: string): Promise<string> {
  const { outputs } = await Bun.build({
    entrypoints: [entry],
    target: "browser",
    // The SDK from its source, not from a build of it that may be old or not there.
    conditions: ["bun"],
    minify: true,
    define: { "process.env.NODE_ENV": '"production"' },
    jsx: { runtime: "automatic", importSource: "preact", development: false },
  });
  const [output] = outputs;
  if (output === undefined) throw new Error(`nothing was built from ${entry}`);
  return output.text();
}

/** Written aside and moved into place: two servers may start at the same moment. Earlier builds leave. */
async function keep(folder: string, texts: Record<Path, string>): Promise<void> {
  const aside = `${folder}.${process.pid}`;
  try {
    await mkdir(aside, { recursive: true });
    await Promise.all(paths.map((path) => writeFile(join(aside, nameOf(path)), texts[path])));
    await rename(aside, folder);
    const others = (await readdir(cache)).filter((name) => !folder.endsWith(name));
    await Promise.all(
      others.map((name) => rm(join(cache, name), { recursive: true, force: true })),
    );
  } catch {
    // A folder that cannot be written only means that the next start builds again.
    await rm(aside, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function hashOfSources(): Promise<string> {
  const files = (await Promise.all(sources.map(listed))).flat().toSorted();
  const hash = createHash("sha256").update(Bun.version);
  for (const path of [...files, ...manifests]) {
    hash.update(`\0${path}\0`).update(await readFile(join(root, path)));
  }
  return hash.digest("hex").slice(0, 16);
}

/** The files of a folder, relative to the root, tests left out; a file is itself. */
async function listed(path: string): Promise<string[]> {
  if (/\.\w+$/.test(path)) return [path];
  const names = await readdir(join(root, path), { recursive: true, withFileTypes: true });
  return names
    .filter((entry) => entry.isFile() && !entry.parentPath.includes("node_modules"))
    .filter(({ name }) => /\.(tsx?|css|html|svg|webmanifest)$/.test(name))
    .filter(({ name }) => !/\.(test|testing)\.tsx?$/.test(name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}

async function collect(read: (path: Path) => Promise<string>): Promise<Record<Path, string>> {
  const entries = await Promise.all(paths.map(async (path) => [path, await read(path)] as const));
  return Object.fromEntries(entries) as Record<Path, string>;
}
