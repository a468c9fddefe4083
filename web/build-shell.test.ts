import { expect, test } from "bun:test";
import { buildShell, pageOf } from "./build-shell.ts";

test("the app for phones has what the page loads, now or later, and no more", async () => {
  const page = await buildShell();
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
  const html = String((await buildShell()).get("index.html"));
  expect(html).toContain(`content="default-src 'self' capacitor://localhost; connect-src`);
  expect(html.match(/Content-Security-Policy/g)).toHaveLength(1);
  expect(html).not.toContain("unsafe");
  expect(html).not.toContain("manifest");
  expect(html).toContain('<script type="module" src="/app.js"></script>');
});

test("a page that lacks what it begins with is none", () => {
  expect(() => pageOf(new Map([["/", { body: "" }]]))).toThrow("/app.js");
});
