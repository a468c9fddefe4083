/** Plays one scene with people, devices and servers of its own, and says what went wrong. */
import type { Client } from "@damso/sdk";
import { createClient, logIn, memoryStore } from "@damso/sdk";
import type { Browser } from "./browser.testing.ts";
import { openPerson } from "./browser.testing.ts";
import type { Scene, Stage } from "./page.browser.ts";
import type { Server } from "./server.ts";
import { startServer } from "./server.ts";
import { PASSWORD, signUp } from "./steps.ts";

const PHONE = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

/** What has to be closed when the scene is over, last opened first. */
type Ends = (() => Promise<unknown>)[];

/** Undefined when all was well: the scene ended, and the browsers reported nothing that it did not expect. */
export async function play(
  scene: Scene,
  browser: Browser,
  url: string,
): Promise<string | undefined> {
  const problems: string[] = [];
  const expected: RegExp[] = [];
  const ends: Ends = [];
  const report = (problem: string): void => void problems.push(problem);
  const stage = setUp(browser, url, ends, report, expected);
  try {
    await scene.play(stage);
    const surprises = problems.filter((problem) => !expected.some((like) => like.test(problem)));
    return surprises.length === 0 ? undefined : surprises.join("\n        ");
  } catch (error) {
    return [String(error), ...problems].join("\n        ");
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

function setUp(
  browser: Browser,
  url: string,
  ends: Ends,
  report: (problem: string) => void,
  expected: RegExp[],
): Stage {
  const person: Stage["person"] = async ({ phone = false, ...options } = {}) => {
    const opened = await openPerson(browser, report, { ...options, ...(phone ? PHONE : {}) });
    ends.push(opened.close);
    return opened;
  };
  return {
    url,
    person,
    two: (at = url) => two(person, at),
    server: () => ownServer(ends),
    device: (username, at = url) => openDevice(ends, username, at),
    expectProblem: (like) => void expected.push(like),
  };
}

async function two(person: Stage["person"], url: string): ReturnType<Stage["two"]> {
  const tag = crypto.randomUUID().slice(0, 8);
  const names: [string, string] = [`ann-${tag}`, `bob-${tag}`];
  const [ann, bob] = await Promise.all([person(), person()]);
  await Promise.all([
    signUp(ann.page, url, names[0], "Ann"),
    signUp(bob.page, url, names[1], "Bob"),
  ]);
  return [ann, bob, names];
}

async function ownServer(ends: Ends): Promise<Server> {
  const server = await startServer();
  ends.push(server.stop);
  return server;
}

async function openDevice(ends: Ends, username: string, server: string): Promise<Client> {
  const session = await logIn({ server, username, password: PASSWORD });
  const client = createClient({ session, store: memoryStore() });
  ends.push(client.stop);
  await client.start();
  return client;
}
