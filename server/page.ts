/** The web page, built once when it is first asked for. */
import type { PageProvider } from "./api/page.ts";
import type { Log } from "./log.ts";

type Files = ReadonlyMap<string, Awaited<ReturnType<PageProvider>>>;

/** Starts building at once, so that the first visitor does not wait; a failed build is logged, and tried again. */
export function openPage(log: Log): PageProvider {
  let files: Promise<Files> | undefined;
  async function build(): Promise<Files> {
    const { buildPage } = await import("@damso/web/build");
    return await buildPage();
  }
  function built(): Promise<Files> {
    files ??= build().catch((error: unknown) => {
      files = undefined;
      log.error("the web page cannot be built", { error });
      return new Map();
    });
    return files;
  }
  void built();
  return async (path) => {
    const found = await built();
    // `/docs/` is `/docs`, as `/index.html` is `/`.
    return found.get(path) ?? found.get(path.replace(/(.)?\/index\.html$/, "$1") || "/");
  };
}
