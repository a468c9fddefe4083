import { expect, test } from "bun:test";
import type { Caches, Shell } from "./shell.ts";
import { answer, dropOthers, keepShell, pathFor } from "./shell.ts";

const origin = "https://chat.example";
const shell: Shell = { version: "v2", paths: ["/", "/app.js", "/part-x.js"] };

/** Named caches in memory, filled by a server that says which path it was asked for. */
function fakeCaches(names: string[] = []): { caches: Caches; kept: Map<string, string[]> } {
  const kept = new Map<string, string[]>(names.map((name) => [name, []]));
  const caches: Caches = {
    keys: async () => [...kept.keys()],
    delete: async (name) => kept.delete(name),
    open: async (name) => {
      const paths = kept.get(name) ?? [];
      kept.set(name, paths);
      const cache = {
        addAll: async (requests: Request[]) => {
          for (const { url } of requests) paths.push(new URL(url).pathname);
        },
        match: async (path: string) => (paths.includes(path) ? new Response(path) : undefined),
      };
      return cache as unknown as Cache;
    },
  };
  return { caches, kept };
}

const cases: [method: string, mode: RequestMode, url: string, path: string | undefined][] = [
  ["GET", "navigate", `${origin}/`, "/"],
  ["GET", "navigate", `${origin}/?demo#d1`, "/"],
  ["GET", "navigate", `${origin}/index.html`, "/"],
  ["GET", "navigate", `${origin}/docs`, undefined],
  ["GET", "navigate", `${origin}/v1/openapi.json`, undefined],
  ["GET", "cors", `${origin}/app.js`, "/app.js"],
  ["GET", "no-cors", `${origin}/part-x.js`, "/part-x.js"],
  ["GET", "cors", `${origin}/v1/me`, undefined],
  ["POST", "cors", `${origin}/`, undefined],
  ["GET", "cors", "https://other.example/app.js", undefined],
];

test("the shell answers for the app and its files, and for nothing else", () => {
  for (const [method, mode, url, path] of cases) {
    expect(pathFor({ method, mode, url }, shell, origin)).toBe(path);
  }
});

test("a version is kept as a whole, and takes the earlier ones away when it begins", async () => {
  const { caches, kept } = fakeCaches(["damso-shell-v1", "pictures"]);
  const absolute = { ...shell, paths: shell.paths.map((path) => origin + path) };
  await keepShell(absolute, caches);
  expect(kept.get("damso-shell-v2")).toEqual(["/", "/app.js", "/part-x.js"]);
  expect(kept.has("damso-shell-v1")).toBe(true);
  await dropOthers(shell, caches);
  expect([...kept.keys()]).toEqual(["pictures", "damso-shell-v2"]);
});

test("what the browser has thrown away comes from the network", async () => {
  const { caches, kept } = fakeCaches();
  kept.set("damso-shell-v2", ["/"]);
  const network = async (): Promise<Response> => new Response("fetched");
  const ask = async (path: string): Promise<string> =>
    (await answer(path, new Request(origin + path), shell, caches, network)).text();
  expect(await ask("/")).toBe("/");
  expect(await ask("/app.js")).toBe("fetched");
});
