/** A real browser, where there is one. */
import { existsSync } from "node:fs";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { chromium } from "playwright-core";

export type {
  Browser,
  BrowserContext,
  FrameLocator,
  Locator,
  Page,
  WebSocketRoute,
} from "playwright-core";

const places = [
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];
const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

export function findBrowser(): string | undefined {
  const onPath = names.map((name) => Bun.which(name)).find((path) => path !== null);
  return onPath ?? places.find((path) => existsSync(path));
}

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
  context.setDefaultTimeout(10_000);
  context.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") report(message.text());
  });
  context.on("weberror", (error) => report(String(error.error().stack ?? error.error())));
  const page = await context.newPage();
  return { page, context, close: () => context.close() };
}
