/**
 * The app shell: what the page needs to start, kept as one version in one cache. A version is whole or not there: an
 * update is fetched beside the one in use, and takes its place when the page says so.
 */

/** The files of one version, by path; `version` is a hash of all of them. */
export type Shell = { version: string; paths: readonly string[] };

/** The part of the Cache API that is used here. */
export type Caches = Pick<CacheStorage, "open" | "keys" | "delete">;

const PREFIX = "damso-shell-";
const ROOT = "/";

const cacheName = ({ version }: Shell): string => `${PREFIX}${version}`;

/** Fetches every file of the version, past the browser's own cache unless that is still right. Rejects when one is missing. */
export async function keepShell(shell: Shell, caches: Caches): Promise<void> {
  const cache = await caches.open(cacheName(shell));
  await cache.addAll(shell.paths.map((path) => new Request(path, { cache: "no-cache" })));
}

/** Deletes the versions that nobody uses any more. */
export async function dropOthers(shell: Shell, caches: Caches): Promise<void> {
  const old = (await caches.keys()).filter(
    (name) => name.startsWith(PREFIX) && name !== cacheName(shell),
  );
  await Promise.all(old.map((name) => caches.delete(name)));
}

type Asked = Pick<Request, "method" | "mode" | "url">;

/**
 * The path of the shell that answers a request, or undefined when the network does. Navigation is answered only where
 * the app is: `/docs`, `/admin` and everything below `/v1` have documents of their own.
 */
export function pathFor(asked: Asked, shell: Shell, origin: string): string | undefined {
  const url = new URL(asked.url);
  if (asked.method !== "GET" || url.origin !== origin) return undefined;
  const path = url.pathname === "/index.html" ? ROOT : url.pathname;
  if (asked.mode === "navigate") return path === ROOT ? ROOT : undefined;
  return shell.paths.includes(path) ? path : undefined;
}

/** The kept file; from the network where the browser has thrown it away. */
export async function answer(
  path: string,
  request: Request,
  shell: Shell,
  caches: Caches,
  network: (request: Request) => Promise<Response>,
): Promise<Response> {
  const cache = await caches.open(cacheName(shell));
  return (await cache.match(path)) ?? network(request);
}
