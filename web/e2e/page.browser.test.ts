import { afterAll, beforeAll, test } from "bun:test";
import type { Browser } from "./browser.testing.ts";
import { findBrowser, launch } from "./browser.testing.ts";
import { scenes } from "./page.browser.ts";
import { play } from "./play.ts";
import type { Server } from "./server.ts";
import { startServer } from "./server.ts";

let server: Server;
let browser: Browser;

beforeAll(async () => {
  const path = findBrowser();
  if (path === undefined) throw new Error("no Chromium or Chrome on this machine");
  [server, browser] = await Promise.all([startServer(), launch(path)]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
});

for (const scene of scenes) {
  test(scene.title, async () => {
    const problem = await play(scene, browser, server.url);
    // Not by `expect`: of that, the summary of a run shows that something was undefined and not what.
    if (problem !== undefined) throw new Error(problem.replace(/\s*\n\s*/g, " | "));
  });
}
