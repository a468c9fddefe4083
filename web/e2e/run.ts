/**
 * `bun web/e2e/run.ts [part of a title]`: plays the scenes in a real browser. Skips, and says so, where there is none.
 * A scene also fails when the browser reports an error, a breach of the content policy included.
 */
import { findBrowser, launch } from "./browser.testing.ts";
import { scenes } from "./page.browser.ts";
import { play } from "./play.ts";
import { startServer } from "./server.ts";

const wanted = process.argv[2] ?? "";

const path = findBrowser();
if (path === undefined) {
  console.log("skipped: no Chromium or Chrome on this machine");
} else {
  process.exitCode = (await playAll(path)) === 0 ? 0 : 1;
}

async function playAll(path: string): Promise<number> {
  const server = await startServer();
  const browser = await launch(path);
  let passed = 0;
  let failed = 0;
  try {
    for (const scene of scenes.filter(({ title }) => title.includes(wanted))) {
      const problem = await play(scene, browser, server.url);
      if (problem === undefined) passed += 1;
      else failed += 1;
      console.log(`${problem === undefined ? "ok    " : "FAILED"}  ${scene.title}`);
      if (problem !== undefined) console.log(`        ${problem}`);
    }
  } finally {
    await browser.close();
    await server.stop();
  }
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed;
}
