/** docs/operate.md explains what the program really says. */
import { expect, test } from "bun:test";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Glob } from "bun";

const root = join(import.meta.dir, "../..");
const page = await readFile(join(root, "docs/operate.md"), "utf8");

/** All that the program can say, with texts that go over several lines put together. */
async function spoken(): Promise<string> {
  const paths = [...new Glob("{server,core,adapters}/**/*.ts").scanSync(root)];
  const sources = paths.filter((path) => !/\.(test|testing)\.ts$|node_modules/.test(path));
  const texts = await Promise.all(sources.map((path) => readFile(join(root, path), "utf8")));
  return texts.join("\n").replaceAll(/["`]\s*\+\s*["`]/g, "");
}

/** The texts in the first column of the tables of errors. */
function explained(): string[] {
  const [, errors = ""] = page.split("## What the errors mean");
  const rows = errors.split("\n").filter((line) => line.startsWith("| `"));
  return rows.flatMap((row) =>
    [...(row.split(" | ")[0] ?? "").matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text),
  );
}

test("every message that the page explains is one that the program says", async () => {
  const all = await spoken();
  const texts = explained();
  expect(texts.length).toBeGreaterThan(50);
  const unknown = texts.filter((text) =>
    text.split("…").some((part) => part.trim().length > 2 && !all.includes(part)),
  );
  expect(unknown).toEqual([]);
});

test("every warning and error that a server logs is explained, but for those of single people", async () => {
  const all = await spoken();
  const logged = [...all.matchAll(/\blog\s*\.(?:warn|error)\(\s*"([^"]+)"/g)].map(
    ([, text]) => text,
  );
  const ofPeople = new Set([
    "a session could not be looked up",
    "a token could not be checked",
    "the use of a session was not noted",
    "the web page cannot be built",
    "the server did not start",
  ]);
  const missing = logged.filter(
    (text = "") => !ofPeople.has(text) && !page.includes(`\`${text}\``),
  );
  expect(logged.length).toBeGreaterThan(15);
  expect([...new Set(missing)]).toEqual([]);
});
