/** The page as the app for phones carries it: what `/` needs, and nothing of the pages for developers and operators. */

import { buildPage } from "./build.ts";

type Files = ReadonlyMap<string, { body: Uint8Array | string }>;

/** Where the walk begins: everything else is named in one of them. */
const FIRST = ["/", "/app.js", "/app.css"];
const ICONS = /^\/(favicon.*\.svg|icon-192\.png)$/;
const NAMED = /[\w-]+\.(?:js|css|json|svg|png)\b/g;
/** Of the browser's way to install and to start offline; the device has its own. */
const NOT = new Set(["/worker.js"]);

/** What the app for phones carries, by the name that each file has in its folder. */
export async function buildShell(): Promise<Map<string, Uint8Array | string>> {
  return pageOf(await buildPage());
}

export function pageOf(files: Files): Map<string, Uint8Array | string> {
  const found = new Set([...FIRST, ...[...files.keys()].filter((path) => ICONS.test(path))]);
  for (const path of found) {
    const body = files.get(path)?.body;
    if (typeof body !== "string") continue;
    for (const [name] of body.matchAll(NAMED)) {
      if (files.has(`/${name}`) && !NOT.has(`/${name}`)) found.add(`/${name}`);
    }
  }
  return new Map(
    [...found].map((path) => {
      const body = files.get(path)?.body;
      if (body === undefined) throw new Error(`the page has no ${path}`);
      return path === "/" ? ["index.html", documentOf(String(body))] : [path.slice(1), body];
    }),
  );
}

/** The page itself; iOS serves it under a scheme of its own. */
const OWN = "'self' capacitor://localhost";

/**
 * On the device no server says what the page may load. It speaks to any server that its owner chooses, over https; one on
 * the phone itself is for developers.
 */
const POLICY = [
  `default-src ${OWN}`,
  `connect-src ${OWN} https: wss: http://localhost:* ws://localhost:*`,
  `img-src ${OWN} https: data: blob:`,
  `media-src ${OWN} https: blob:`,
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join("; ");

function documentOf(html: string): string {
  const policy = `<meta http-equiv="Content-Security-Policy" content="${POLICY}" />`;
  return html
    .replace(/\s*<link rel="manifest"[^>]*>/, "")
    .replace(/(<meta charset="utf-8" \/>)/, `$1\n    ${policy}`);
}
