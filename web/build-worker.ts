/** The service worker, which carries the list and the version of everything that the app needs to start. */
import { createHash } from "node:crypto";
import { join } from "node:path";

type Built = ReadonlyMap<string, Uint8Array<ArrayBuffer> | string>;

/** What `/` loads, and what installs and starts offline; the pages for developers are left to the network. */
const FIRST = ["index.html", "app.js", "app.css"];
const ALSO = /^(favicon.*\.svg|manifest.*\.webmanifest|icon-192\.png)$/;

/** The script of the worker for these files; another file or another byte is another version. */
export async function bundleWorker(built: Built): Promise<string> {
  const names = shellOf(built);
  const hash = createHash("sha256");
  for (const name of names) hash.update(`\0${name}\0`).update(built.get(name) ?? "");
  const paths = names.map((name) => (name === "index.html" ? "/" : `/${name}`));
  const shell = { version: hash.digest("hex").slice(0, 12), paths };
  const { outputs } = await Bun.build({
    entrypoints: [join(import.meta.dir, "worker/main.ts")],
    target: "browser",
    minify: true,
    define: { SHELL: JSON.stringify(shell) },
  });
  const [output] = outputs;
  if (output === undefined) throw new Error("nothing was built from web/worker/main.ts");
  return output.text();
}

/** The first files, and every part that one of them may ask for later: offline there is no later. */
function shellOf(built: Built): string[] {
  const found = new Set([...FIRST, ...[...built.keys()].filter((name) => ALSO.test(name))]);
  for (const name of found) {
    if (!/\.(js|html)$/.test(name)) continue;
    const parts = String(built.get(name)).matchAll(/[\w-]+\.(?:js|css)\b/g);
    for (const [part] of parts) if (built.has(part)) found.add(part);
  }
  return [...found].toSorted();
}
