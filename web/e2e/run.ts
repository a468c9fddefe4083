/**
 * `bun web/e2e/run.ts [part of a title]`: plays the scenes in a real browser. Skips, and says so, where there is none.
 * A scene also fails when the browser reports an error, a breach of the content policy included.
 */
import type { Client } from "@damso/sdk";
import { createClient, logIn, memoryStore } from "@damso/sdk";
import type { Browser, Person } from "./browser.testing.ts";
import { findBrowser, launch, openPerson } from "./browser.testing.ts";
import type { Scene, Stage } from "./page.browser.ts";
import { scenes } from "./page.browser.ts";
import { startServer } from "./server.ts";
import { PASSWORD, signUp } from "./steps.ts";

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
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

async function play(scene: Scene, browser: Browser, url: string): Promise<string | undefined> {
  const people: Person[] = [];
  const problems: string[] = [];
  const expected: RegExp[] = [];
  const person: Stage["person"] = async ({ phone = false, ...options } = {}) => {
    const report = (problem: string): void => void problems.push(problem);
    const opened = await openPerson(browser, report, { ...options, ...(phone ? PHONE : {}) });
    people.push(opened);
    return opened;
  };
  const two: Stage["two"] = async () => {
    const tag = crypto.randomUUID().slice(0, 8);
    const names: [string, string] = [`ann-${tag}`, `bob-${tag}`];
    const [ann, bob] = await Promise.all([person(), person()]);
    await Promise.all([
      signUp(ann.page, url, names[0], "Ann"),
      signUp(bob.page, url, names[1], "Bob"),
    ]);
    return [ann, bob, names];
  };
  const devices: Client[] = [];
  const device: Stage["device"] = async (username) => {
    const session = await logIn({ server: url, username, password: PASSWORD });
    const client = createClient({ session, store: memoryStore() });
    devices.push(client);
    await client.start();
    return client;
  };
  const expectProblem: Stage["expectProblem"] = (like) => void expected.push(like);
  try {
    await scene.play({ url, person, two, device, expectProblem });
    const surprises = problems.filter((problem) => !expected.some((like) => like.test(problem)));
    return surprises.length === 0 ? undefined : surprises.join("\n        ");
  } catch (error) {
    return [String(error), ...problems].join("\n        ");
  } finally {
    await Promise.all([
      ...people.map(({ close }) => close()),
      ...devices.map(({ stop }) => stop()),
    ]);
  }
}
