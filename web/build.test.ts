import { expect, test } from "bun:test";
import { buildPage } from "./build.ts";
import { sizesOf } from "./sizes.ts";

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
  const { script, style } = sizesOf(page);
  // Neither of them is that small unless something is missing.
  expect(script).toBeWithin(30 * 1024, 60 * 1024);
  expect(style).toBeWithin(4 * 1024, 12 * 1024);
});

test("the worker keeps everything that the app may load, and nothing of the pages for developers", async () => {
  const page = await buildPage();
  const worker = String(page.get("/worker.js")?.body);
  const kept = /paths:\[([^\]]*)\]/.exec(worker)?.[1]?.match(/\/[\w.-]*/g) ?? [];
  expect(kept).toEqual(
    expect.arrayContaining(["/", "/app.js", "/app.css", "/manifest.webmanifest"]),
  );
  for (const path of kept) expect([...page.keys()]).toContain(path);
  for (const path of kept.filter((each) => each.endsWith(".js"))) {
    const parts = String(page.get(path)?.body).match(/part-\w+\.js/g) ?? [];
    for (const part of parts) expect(kept).toContain(`/${part}`);
  }
  expect(kept).not.toContain("/docs.js");
});

test("the document names every part that the first script imports at once", async () => {
  const page = await buildPage();
  const imported = String(page.get("/app.js")?.body).match(/(?<=from"\.)\/part-\w+\.js/g) ?? [];
  // One, as `view/first.ts` says: a later part that does not name that file makes many of it.
  expect(imported.length).toBe(1);
  const html = String(page.get("/")?.body);
  for (const part of imported) expect(html).toContain(`rel="modulepreload" href="${part}"`);
});

test("the manifest is whole, and its pictures are there", async () => {
  const page = await buildPage();
  const manifest = JSON.parse(String(page.get("/manifest.webmanifest")?.body)) as {
    id: string;
    start_url: string;
    display: string;
    icons: { src: string; sizes: string; purpose: string }[];
  };
  expect(manifest).toMatchObject({ id: "/", start_url: "/", display: "standalone" });
  const sizes = manifest.icons.map((icon) => `${icon.sizes} ${icon.purpose}`);
  expect(sizes).toEqual(expect.arrayContaining(["192x192 any", "512x512 any", "512x512 maskable"]));
  for (const { src } of manifest.icons) expect([...page.keys()]).toContain(src);
  expect([...page.keys()]).toContain("/apple-touch-icon.png");
});

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
