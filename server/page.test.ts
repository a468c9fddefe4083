import { expect, test } from "bun:test";
import { SILENT } from "./log.ts";
import { openPage } from "./page.ts";

test("documents are found under their names, with and without what a browser adds", async () => {
  const page = openPage(SILENT);
  const [root, docs] = [await page("/"), await page("/docs")];
  expect(root?.type).toStartWith("text/html");
  expect(docs?.type).toStartWith("text/html");
  expect(docs?.etag).not.toBe(root?.etag as string);
  expect(await page("/index.html")).toEqual(root as never);
  expect(await page("/docs/index.html")).toEqual(docs as never);
  expect((await page("/admin/index.html"))?.type).toStartWith("text/html");
  expect(await page("/nothing/index.html")).toBeUndefined();
  expect(await page("/docsindex.html")).toBeUndefined();
});
