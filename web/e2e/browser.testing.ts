/** A real browser, where there is one. */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { chromium } from "playwright-core";

export { findBrowser } from "@damso/tools/browser/find";

export type {
  Browser,
  BrowserContext,
  FrameLocator,
  Locator,
  Page,
  WebSocketRoute,
} from "playwright-core";

/** Nothing that would ask the outside for anything. */
export function launch(executablePath: string): Promise<Browser> {
  const quiet = ["background-networking", "component-update", "sync"].map(
    (it) => `--disable-${it}`,
  );
  const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", ...quiet];
  return chromium.launch({ executablePath, args });
}

export type Person = { page: Page; context: BrowserContext; close: () => Promise<void> };

/** A browser of somebody's own, which reports whatever goes wrong in it. */
export async function openPerson(
  browser: Browser,
  report: (problem: string) => void,
  options: BrowserContextOptions = {},
): Promise<Person> {
  const context = await browser.newContext({ locale: "en-GB", ...options });
  context.setDefaultTimeout(30_000);
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") report(message.text());
  });
  context.on("weberror", (error) => report(String(error.error().stack ?? error.error())));
  const page = await context.newPage();
  return { page, context, close: () => context.close() };
}
