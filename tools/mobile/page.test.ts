import { expect, test } from "bun:test";
import { buildPage } from "@damso/web/build";
import { pageOf } from "./page.ts";

test("the app for phones has what the page loads, now or later, and no more", async () => {
  const built = await buildPage();
  const page = pageOf(built);
  for (const name of ["index.html", "app.js", "app.css", "favicon.svg"]) {
    expect(page.has(name)).toBe(true);
  }
  for (const name of ["worker.js", "docs", "docs.js", "docs.css", "admin.js"]) {
    expect(page.has(name)).toBe(false);
  }
  const script = String(page.get("app.js"));
  const parts = [...script.matchAll(/part-[\w]+\.js/g)].map(([name]) => name);
  expect(parts.filter((name) => !page.has(name))).toEqual([]);
});

test("its document says what it may load, and names no manifest", async () => {
  const html = String(pageOf(await buildPage()).get("index.html"));
  expect(html).toContain(`content="default-src 'self'; connect-src 'self' https: wss:`);
  expect(html.match(/Content-Security-Policy/g)).toHaveLength(1);
  expect(html).not.toContain("manifest");
  expect(html).toContain('<script type="module" src="/app.js"></script>');
});

test("a page that lacks what it begins with is none", () => {
  expect(() => pageOf(new Map([["/", { body: "" }]]))).toThrow("/app.js");
});
