/** Devices of one account that follow it in every way there is, while others do all they can. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { ACTION_NAMES, bustleUntil, createBustle } from "../rig/bustle.testing.ts";
import type { Bustle } from "../rig/bustle.testing.ts";
import {
  createFollower,
  fill,
  followHttp,
  followSocket,
  reload,
  stop,
} from "../rig/follower.testing.ts";
import type { Follower } from "../rig/follower.testing.ts";
import { succeed } from "../rig/http.testing.ts";
import { logIn, signUp, signUpPool } from "../rig/people.testing.ts";
import type { Session } from "../rig/people.testing.ts";
import { createRandom, seedOf } from "../rig/random.testing.ts";
import { differences, snapshot, unreadFaults } from "../rig/replica.testing.ts";
import { endRig, startServer } from "../rig/server.ts";
import type { RigServer } from "../rig/server.ts";
import { until } from "../rig/until.ts";

const MISSED = 2000;
const seed = seedOf("DAMSO_CONVERGE_SEED");
const random = createRandom(seed);
let server: RigServer;
let origin: string;
let bustle: Bustle;

beforeAll(async () => {
  server = await startServer();
  origin = server.origin;
  const people = await signUpPool(origin, 4, "busy");
  bustle = await createBustle(origin, random, await signUp(origin, "hero"), people);
}, 30_000);
afterAll(endRig);

async function follower(name: string): Promise<Follower> {
  return createFollower(origin, await logIn(origin, bustle.hero), name);
}

async function head(): Promise<number> {
  type Page = { feed: { head: number } };
  const token = bustle.hero.access_token;
  return (await succeed<Page>(origin, "GET", "/v1/feed", { token })).feed.head;
}

/** Runs in the background; what goes wrong is told with the replica's other faults. */
function running({ replica }: Follower, task: Promise<void>): void {
  task.catch((error: unknown) => replica.faults.push(`${replica.name}: ${String(error)}`));
}

/** A socket that breaks every now and then and comes back. */
async function followFlakily(one: Follower): Promise<void> {
  while (!one.stopped) {
    const breaking = setTimeout(() => one.socket?.terminate(), random.int(100, 600));
    await followSocket(one);
    clearTimeout(breaking);
  }
}

async function atHead(followers: readonly Follower[]): Promise<void> {
  const target = await head();
  const behind = (): string[] =>
    followers
      .filter(({ replica }) => replica.pos < target)
      .map(
        ({ replica }) => `${replica.name} (${replica.pos} of ${target}) ${replica.faults.join()}`,
      );
  await until(() => behind().length === 0, `${behind().join(", ")} to be at the head`);
}

/** Everything that the server says to a user, read anew. */
async function stateOf(session: Session): Promise<Record<string, unknown>> {
  const reader = createFollower(origin, session, session.username);
  await reload(reader);
  expect(unreadFaults(reader.replica)).toEqual([]);
  return snapshot(reader.replica);
}

test("[D20][I2][I9][I12][I15][I18][P23] socket, long polling and polling devices of one account converge", async () => {
  const socket = await follower("socket");
  const flaky = await follower("flaky");
  const waiting = await follower("long polling");
  const asking = await follower("polling");
  const offline = await follower("offline");
  const live = [socket, flaky, waiting, asking];
  running(socket, followSocket(socket));
  running(flaky, followFlakily(flaky));
  running(waiting, followHttp(waiting, 25, 500, 0));
  running(asking, followHttp(asking, 0, 40, 60));
  running(offline, followSocket(offline));

  await bustleUntil(bustle, () => bustle.messages > 300);
  await atHead([...live, offline]);
  await stop(offline);
  const left = socket.replica.told;
  // A request that is cut off is asked again.
  const cutting = setInterval(() => waiting.abort.abort(), 150);
  await bustleUntil(bustle, () => socket.replica.told - left > MISSED);
  clearInterval(cutting);

  const stranger = await follower("of another feed");
  stranger.replica.feed_id = "a restored backup";
  stranger.replica.pos = 17;
  const beyond = await follower("above the head");
  beyond.replica.feed_id = socket.replica.feed_id;
  beyond.replica.pos = 10_000_000;
  const fresh = await follower("new");
  running(offline, followSocket(offline));
  running(stranger, followSocket(stranger));
  running(beyond, followHttp(beyond, 5, 500, 0));
  running(fresh, followSocket(fresh));
  const all = [...live, offline, stranger, beyond, fresh];
  const before = bustle.messages;
  await bustleUntil(bustle, () => bustle.messages > before + 300);
  await atHead(all);
  await Promise.all(all.map(stop));
  await Promise.all(all.map((one) => fill(one, bustle.open)));

  const wanted = await stateOf(bustle.hero);
  const faults = all.flatMap((one) => [
    ...one.replica.faults,
    ...unreadFaults(one.replica),
    ...differences(wanted, snapshot(one.replica), one.replica.name),
  ]);
  expect({ seed, faults: faults.slice(0, 20) }).toEqual({ seed, faults: [] });
  expect([...bustle.done.keys()].toSorted()).toEqual(ACTION_NAMES.toSorted());
  expect([stranger, beyond, offline].map(({ replica }) => replica.resets)).toEqual([1, 1, 0]);
  expect(live.map(({ replica }) => replica.resets)).toEqual([0, 0, 0, 0]);
}, 120_000);

test("[I13][S7] what every user sees is the same after a kill and a restart", async () => {
  const users = [bustle.hero, ...bustle.people];
  const before = await Promise.all(users.map(stateOf));
  await server.kill();
  server = await startServer({ data: server.data });
  origin = server.origin;
  const after = await Promise.all(users.map(stateOf));
  const faults = before.flatMap((state, at) => differences(state, after[at], `user ${at}`));
  expect({ seed, faults: faults.slice(0, 20) }).toEqual({ seed, faults: [] });
  expect(before.flatMap((state) => Object.keys(state)).length).toBeGreaterThan(users.length);
}, 60_000);
