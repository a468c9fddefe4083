import { expect, test } from "bun:test";
import { directChannel } from "@damso/protocol/ids";
import type { Client, Session } from "@damso/sdk";
import { logIn } from "@damso/sdk";
import { device, started } from "@damso/sdk/testing/device";
import type { FakeServer } from "@damso/sdk/testing/fake-server";
import { fakeServer } from "@damso/sdk/testing/fake-server";
import { userId } from "@damso/sdk/testing/records";
import type { World } from "@damso/sdk/testing/world";
import { world } from "@damso/sdk/testing/world";
import type { Browser } from "../../testing/tabs.ts";
import { createBrowser } from "../../testing/tabs.ts";

const [ann, bob] = [userId(1), userId(2)];
/** Ten times as many have been tried. */
const SEEDS = 8;
const channel = directChannel(ann, bob);

type Scene = { here: World; server: FakeServer; browser: Browser; bob: Client };

async function scene(seed = 1): Promise<Scene> {
  const here = world(seed);
  const server = fakeServer(here);
  const other = await started(here, await device(here, server, bob));
  let session: Session | undefined;
  const account = { server: "http://fake", username: ann, password: "" };
  void logIn(account, { fetch: server.fetch, now: here.now }).then((made) => (session = made));
  await here.until(() => session !== undefined);
  const browser = createBrowser(here, server, session as Session);
  return { here, server, browser, bob: other.client };
}

const online = (...clients: Client[]): boolean =>
  clients.every((client) => client.state().name === "online");

/** What the server has, in order. */
function said({ server }: Scene): string[] {
  return (server.tables.channels.get(channel)?.messages ?? []).map(({ body }) => body ?? "");
}

const shows = (client: Client): string[] =>
  client.messages(channel).messages.map(({ body }) => body ?? "");

test("several tabs have one socket, and each sees what any of them does", async () => {
  const all = await scene();
  const { here, browser } = all;
  const tabs = [browser.open("a"), browser.open("b"), browser.open("c")] as const;
  await here.until(() => online(...tabs.map(({ client }) => client)));
  for (const { client } of tabs) client.open(channel).catch(() => {});
  tabs[1].client.sendSoon(channel, "from b");
  tabs[0].client.sendSoon(channel, "from a");
  all.bob.sendSoon(channel, "from bob");
  await here.until(() => tabs.every(({ client }) => shows(client).length === 3));
  expect(said(all).toSorted()).toEqual(["from a", "from b", "from bob"]);
  for (const { client } of tabs) expect(shows(client)).toEqual(said(all));
  expect(browser.sockets()).toBe(1);
});

test("when the leader closes another tab leads, and nothing is lost or doubled", async () => {
  const all = await scene();
  const { here, browser } = all;
  const [first, second] = [browser.open("a"), browser.open("b")];
  await here.until(() => online(first.client, second.client));
  second.client.open(channel).catch(() => {});
  second.client.sendSoon(channel, "one");
  first.kill();
  second.client.sendSoon(channel, "two");
  all.bob.sendSoon(channel, "three");
  await here.until(() => shows(second.client).length === 3);
  expect(said(all).filter((body) => body !== "three")).toEqual(["one", "two"]);
  // What it only remembered is on disk now: a new start shows it before any server.
  await here.advance(5000);
  second.kill();
  all.server.down = true;
  const third = browser.open("c");
  await here.advance(2000);
  void third.client.open(channel).catch(() => {});
  await here.until(() => shows(third.client).length === 3);
  expect(third.client.state().name).not.toBe("online");
});

test("what a closed tab had left to send is sent by another one, once and in order", async () => {
  const all = await scene();
  const { here, browser, server } = all;
  const [first, second] = [browser.open("a"), browser.open("b")];
  await here.until(() => online(first.client, second.client));
  server.down = true;
  server.kick(ann, 1006);
  await here.advance(100);
  second.client.sendSoon(channel, "one");
  second.client.sendSoon(channel, "two");
  await here.advance(100);
  second.kill();
  await here.advance(4000);
  server.down = false;
  await here.until(() => said(all).length === 2);
  await here.advance(60_000);
  expect(said(all)).toEqual(["one", "two"]);
  expect(first.client.pending(channel)).toEqual([]);
});

test("a reload in the middle of sending sends once", async () => {
  const all = await scene();
  const { here, browser, server } = all;
  const leader = browser.open("a");
  const before = browser.open("b");
  await here.until(() => online(leader.client, before.client));
  server.down = true;
  server.kick(ann, 1006);
  before.client.sendSoon(channel, "one");
  before.client.sendSoon(channel, "two");
  await here.advance(100);
  before.kill();
  const after = browser.open("b");
  await here.until(() => after.client.pending(channel).length === 2);
  server.down = false;
  await here.until(() => said(all).length === 2);
  await here.advance(60_000);
  expect(said(all)).toEqual(["one", "two"]);
});

test("tabs that come and go under faults end with the same, each message once", async () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) await playUnderFaults(seed);
});

async function playUnderFaults(seed: number): Promise<void> {
  const all = await scene(seed);
  const { here, browser, server } = all;
  Object.assign(server.faults, { drop: 0.1, duplicate: 0.1, close: 0.02, late_ms: 200 });
  let tabs = [browser.open("t0"), browser.open("t1")];
  const sent: string[] = [];
  for (let turn = 0; turn < 30; turn += 1) {
    const pick = tabs[Math.floor(here.random() * tabs.length)];
    const chance = here.random();
    if (chance < 0.15) tabs = [...tabs, browser.open(`t${turn + 2}`)];
    else if (chance < 0.3 && tabs.length > 1) {
      pick?.kill();
      tabs = tabs.filter((tab) => tab !== pick);
    } else if (pick) {
      pick.client.sendSoon(channel, `m${turn}`);
      sent.push(`m${turn}`);
      if (chance > 0.8) all.bob.sendSoon(channel, `b${turn}`);
    }
    // Long enough to be on disk: what is typed in the last moment of a window is not promised.
    await here.advance(5 + here.random() * 1500);
  }
  Object.assign(server.faults, { drop: 0, duplicate: 0, close: 0, late_ms: 0 });
  await here.advance(120_000);
  for (const { client } of tabs) void client.history(channel, { limit: 200 }).catch(() => {});
  await here.advance(20_000);
  const whole = said(all);
  expect(whole.filter((body) => body.startsWith("m")).toSorted(), `seed ${seed}`).toEqual(
    sent.toSorted(),
  );
  for (const { client } of tabs) {
    expect(shows(client), `seed ${seed}`).toEqual(whole);
    expect(client.pending(channel), `seed ${seed}`).toEqual([]);
  }
}
