/**
 * The web page as files in memory, built from the source with what is installed and nothing else.
 * The result is kept in a folder under `node_modules/.cache/`, named after a hash of everything that went in, so that a
 * second start only reads it.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { emojiFiles } from "./build-emoji.ts";
import { withPreloads } from "./build-preload.ts";
import { bundleWorker } from "./build-worker.ts";

/** `type` is the content type with its charset, `etag` a strong entity tag with its quotes. */
export type PageFile = { body: Uint8Array<ArrayBuffer> | string; type: string; etag: string };

const web = import.meta.dir;
const root = join(web, "..");
const cache = join(root, "node_modules/.cache/damso-page");
/** Everything that the bundler reads, and this file. */
const sources = [
  "web/build.ts",
  "web/build-emoji.ts",
  "web/build-preload.ts",
  "web/build-worker.ts",
  "web/model",
  "web/worker",
  "web/view",
  "web/style",
  "web/static",
  "web/docs",
  "web/admin",
  "sdk",
  "protocol",
];
const manifests = ["package-lock.json"];

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json; charset=utf-8",
};

/** What was built, by file name. */
type Built = ReadonlyMap<string, PageFile["body"]>;

/**
 * Every file of the page by its path. `/app.js` is what the first load needs; what is asked for later, with a dynamic
 * `import()`, is in files named after their content. Rejects when the source does not build.
 */
export async function buildPage(): Promise<Map<string, PageFile>> {
  const folder = join(cache, await hashOfSources());
  const built = (await readAll(folder)) ?? (await buildInto(folder));
  return new Map([...built].map(([name, body]) => [pathOf(name), toFile(name, body)]));
}

function toFile(name: string, body: PageFile["body"]): PageFile {
  const hash = createHash("sha256").update(body).digest("base64url").slice(0, 22);
  const type = types[extname(name)];
  if (type === undefined) throw new Error(`web/build.ts knows no content type for ${name}`);
  return { body, type, etag: `"${hash}"` };
}

/** A document is at its name without the ending: `docs.html` at `/docs`. */
function pathOf(name: string): string {
  return name === "index.html" ? "/" : `/${name.replace(/\.html$/, "")}`;
}

async function readAll(folder: string): Promise<Built | undefined> {
  try {
    return await readFolder(folder);
  } catch {
    return undefined;
  }
}

async function readFolder(folder: string): Promise<Built> {
  const names = (await readdir(folder)).toSorted();
  return new Map(
    await Promise.all(names.map(async (name) => [name, await read(folder, name)] as const)),
  );
}

function read(folder: string, name: string): Promise<PageFile["body"]> {
  const path = join(folder, name);
  return types[extname(name)]?.includes("charset") === true
    ? readFile(path, "utf8")
    : readFile(path).then((bytes) => new Uint8Array(bytes));
}

async function buildInto(folder: string): Promise<Built> {
  const parts = await Promise.all([
    bundle("view/main.tsx", "app"),
    bundle("style/app.css", "app"),
    // Pages of their own, for developers and operators: the app's first load has nothing of them.
    bundle("docs/main.tsx", "docs"),
    bundle("docs/style/docs.css", "docs"),
    bundle("admin/main.tsx", "admin"),
    bundle("admin/style/admin.css", "admin"),
    readFolder(join(web, "static")),
    emojiFiles(),
  ]);
  const files = new Map(parts.flatMap((part) => [...part]));
  files.set("index.html", withPreloads(files));
  files.set("worker.js", await bundleWorker(files));
  const built = new Map([...files].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  await keep(folder, built);
  return built;
}

async function bundle(entry: string, name: string): Promise<Built> {
  const { outputs } = await Bun.build({
    entrypoints: [join(web, entry)],
    target: "browser",
    splitting: true,
    naming: { entry: `${name}.[ext]`, chunk: "part-[hash].[ext]" },
    // The SDK from its source, not from a build of it that may be old or not there.
    conditions: ["bun"],
    minify: true,
    define: { "process.env.NODE_ENV": '"production"' },
    jsx: { runtime: "automatic", importSource: "preact", development: false },
  });
  const named = outputs.map(async (file) => [basename(file.path), await file.text()] as const);
  return new Map(await Promise.all(named));
}

/** Written aside and moved into place: two servers may start at the same moment. Earlier builds leave. */
async function keep(folder: string, built: Built): Promise<void> {
  const aside = `${folder}.${process.pid}`;
  try {
    await mkdir(aside, { recursive: true });
    await Promise.all([...built].map(([name, body]) => writeFile(join(aside, name), body)));
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
    .filter(({ name }) => /\.(tsx?|css|html|svg|webmanifest|json|png)$/.test(name))
    .filter(({ name }) => !/\.(test|testing)\.tsx?$/.test(name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
