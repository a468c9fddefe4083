import { expect, test } from "bun:test";
import { buildPage } from "./build.ts";

const gzipped = (body: string | Uint8Array): number =>
  Bun.gzipSync(typeof body === "string" ? Buffer.from(body) : Buffer.from(body)).length;

test("the page has its files, each with a type and a strong tag of its own", async () => {
  const page = await buildPage();
  const named = ["/", "/app.js", "/app.css", "/favicon.svg", "/manifest.webmanifest"];
  expect([...page.keys()]).toEqual(expect.arrayContaining(named));
  const tags = [...page.values()].map(({ etag }) => etag);
  expect(new Set(tags).size).toBe(page.size);
  for (const tag of tags) expect(tag).toMatch(/^"[\w-]{22}"$/);
});

test("the first load is at most 60 KB of script and 12 KB of style, gzipped", async () => {
  const page = await buildPage();
  expect(firstLoad(page)).toBeLessThan(60 * 1024);
  expect(gzipped(page.get("/app.css")?.body ?? "")).toBeLessThan(12 * 1024);
});

/** The script of the page with every part that it imports at once. */
function firstLoad(page: Awaited<ReturnType<typeof buildPage>>): number {
  const wanted = ["/app.js"];
  for (const path of wanted) {
    const script = String(page.get(path)?.body);
    for (const [, name = ""] of script.matchAll(/(?:from|import)"\.(\/[\w-]+\.js)"/g)) {
      if (!wanted.includes(name)) wanted.push(name);
    }
  }
  return wanted.reduce((sum, path) => sum + gzipped(page.get(path)?.body ?? ""), 0);
}

test("nothing in the page comes from elsewhere, and nothing in it is inline", async () => {
  const page = await buildPage();
  const html = String(page.get("/")?.body);
  expect(html).not.toMatch(/\s(on\w+|style)=|<script>|<style/);
  expect(html).not.toMatch(/(src|href)="(?!\/)/);
  expect(String(page.get("/app.css")?.body)).not.toMatch(/url\(|@import/);
});

test("a second build is read from the first, well under a second", async () => {
  const first = await buildPage();
  const started = performance.now();
  const second = await buildPage();
  expect(performance.now() - started).toBeLessThan(1000);
  expect(second).toEqual(first);
});
