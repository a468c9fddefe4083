/** What the built page weighs on its way, compressed as servers and proxies do. */
import type { PageFile } from "./build.ts";

type Page = ReadonlyMap<string, PageFile>;

export type Sizes = {
  /** Bytes of everything that the first load waits for, with the words of the longer language. */
  script: number;
  style: number;
  /** What an open chat needs beyond that. */
  chat: number;
  worker: number;
};

export function sizesOf(page: Page): Sizes {
  const texts = [...page].filter(([path]) => /^\/part-\w+\.js$/.test(path));
  const languages = texts.filter(([, { body }]) =>
    /두 사람이 되어|two people side by side/.test(String(body)),
  );
  const words = Math.max(0, ...languages.map(([, { body }]) => gzipped(body)));
  const first = withImports(page, "/app.js");
  const chat = texts.find(([, { body }]) => /as Chat\b/.test(String(body)))?.[0];
  const more =
    chat === undefined ? [] : withImports(page, chat).filter((it) => !first.includes(it));
  return {
    script: weigh(page, first) + words,
    style: weigh(page, ["/app.css"]),
    chat: weigh(page, more),
    worker: weigh(page, ["/worker.js"]),
  };
}

/** The file and every part that is imported at once. */
function withImports(page: Page, path: string): string[] {
  const wanted = [path];
  for (const each of wanted) {
    const script = String(page.get(each)?.body);
    for (const [, name = ""] of script.matchAll(/(?:from|import)"\.(\/[\w-]+\.js)"/g)) {
      if (!wanted.includes(name)) wanted.push(name);
    }
  }
  return wanted;
}

function weigh(page: Page, paths: readonly string[]): number {
  return paths.reduce((sum, path) => sum + gzipped(page.get(path)?.body ?? ""), 0);
}

function gzipped(body: PageFile["body"]): number {
  return Bun.gzipSync(typeof body === "string" ? Buffer.from(body) : Buffer.from(body)).length;
}
