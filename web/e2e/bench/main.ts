/** `npm run bench:web`: what the page weighs, and how fast it is on a machine four times slower than this one. */
import { buildPage } from "../../build.ts";
import { sizesOf } from "../../sizes.ts";
import { findBrowser, launch } from "../browser.testing.ts";
import { startServer } from "../server.ts";
import type { Measure } from "./measures.ts";
import { measureAll } from "./measures.ts";
import { openBench } from "./world.ts";

const MESSAGES = 5000;

function print(measures: readonly Measure[]): void {
  for (const { what, is, unit, budget } of measures) {
    const number = `${Number(is.toFixed(is < 10 ? 3 : 0))} ${unit}`.trim();
    const judged = budget === undefined ? "" : is <= budget ? `≤ ${budget}` : `OVER ${budget}`;
    console.log(`${what.padEnd(52)}${number.padStart(12)}  ${judged}`);
  }
}

const { script, style, worker, chat } = sizesOf(await buildPage());
const kilobytes = (bytes: number): number => bytes / 1024;
print([
  { what: "first load: script, gzip", is: kilobytes(script), unit: "KB", budget: 60 },
  { what: "first load: style, gzip", is: kilobytes(style), unit: "KB", budget: 12 },
  { what: "a chat, loaded behind the list: script, gzip", is: kilobytes(chat), unit: "KB" },
  { what: "service worker, gzip", is: kilobytes(worker), unit: "KB" },
]);

const path = findBrowser();
if (path === undefined) {
  console.log("skipped: no Chromium or Chrome on this machine");
} else {
  const [server, browser] = await Promise.all([startServer(), launch(path)]);
  try {
    const bench = await openBench(browser, server.url, MESSAGES);
    await measureAll(bench, print);
    await bench.bob.stop();
  } finally {
    await browser.close();
    await server.stop();
  }
}
