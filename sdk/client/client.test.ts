import { expect, test } from "bun:test";
import type { ConnectionState } from "../api.ts";
import type { DamsoError } from "../errors.ts";
import { memoryStore } from "../store/memory.ts";
import type { Store } from "../store/port.ts";
import { device, difference, started } from "../testing/device.ts";
import { fakeServer } from "../testing/fake-server.ts";
import { ann, bob, bodies, channel, done, scene } from "../testing/scene.testing.ts";
import { world } from "../testing/world.ts";

test("the state is told as it changes", async () => {
  const here = world();
  const server = fakeServer(here);
  const one = await device(here, server, ann);
  const states: ConnectionState["name"][] = [];
  one.client.on("state", ({ name }) => states.push(name));
  await started(here, one);
  server.kick(ann, 1006);
  await here.advance(1000);
  server.down = true;
  server.kick(ann, 1006);
  await here.advance(1000);
  one.setNetwork(false);
  await here.advance(1000);
  server.down = false;
  one.setNetwork(true);
  await here.until(() => one.client.state().name === "online");
  server.kick(ann, 4009);
  await here.advance(1000);
  expect(states.filter((name, at) => name !== states[at - 1]).join(" ")).toMatch(
    /^connecting online waiting connecting online (waiting |connecting |offline )+connecting online closed$/,
  );
  expect(states).toContain("offline");
  expect(one.client.state()).toEqual({ name: "closed", reason: "replaced" });
});

test("[I17] a client whose session has ended refuses to send", async () => {
  const { here, server, one } = await scene();
  server.kick(ann, 4001);
  await here.until(() => one.client.state().name === "closed");
  expect(() => one.client.sendSoon(channel, "x")).toThrow("session_ended");
  const code = await one.client.send(channel, "x").catch((error: DamsoError) => error.code);
  expect(code).toBe("session_ended");
});

test("an access token is renewed before it ends, and the app is told", async () => {
  const { here, server, one } = await scene();
  const renewed: string[] = [];
  one.client.on("session", ({ access_token = "" }) => renewed.push(access_token));
  await here.advance(900_000);
  server.kick(ann, 1006);
  await here.advance(2000);
  expect(renewed).toHaveLength(1);
  expect(one.client.state().name).toBe("online");
});

test("a token that the server does not know any more is renewed and shown again", async () => {
  const here = world();
  const server = fakeServer(here);
  server.expires_in = 100_000;
  const one = await device(here, server, ann);
  server.tokens.delete(one.session.access_token ?? "");
  await started(here, one);
  expect(server.heard.map(({ type }) => type).slice(0, 2)).toEqual(["hello", "hello"]);
});

test("a refresh token that is used up ends the session", async () => {
  const here = world();
  const server = fakeServer(here);
  const one = await device(here, server, ann);
  server.tokens.clear();
  let code = "";
  one.client.start().catch((error: DamsoError) => (code = error.code));
  await here.until(() => one.client.state().name === "closed");
  expect([code, one.client.state()]).toEqual([
    "session_ended",
    { name: "closed", reason: "session_ended" },
  ]);
});

test("logging out leaves nothing on the device", async () => {
  const { here, server, one } = await scene();
  await done(here, one.client.send(channel, "a"));
  await here.until(() => difference(server, one) === undefined);
  await done(here, one.client.logOut());
  expect(one.disk()).toMatchObject({ cursor: undefined, channels: new Map(), messages: new Map() });
});

test("a store that fails is told once, and the chat goes on in memory", async () => {
  const here = world();
  const server = fakeServer(here);
  const broken: Store = { ...memoryStore(), apply: () => Promise.reject(new Error("disk full")) };
  const one = await device(here, server, ann, { store: broken });
  const errors: string[] = [];
  one.client.on("error", ({ code }) => errors.push(code));
  await started(here, one);
  await done(here, one.client.open(channel));
  await done(here, one.client.send(channel, "a"));
  await here.advance(3000);
  expect(bodies(one)).toEqual(["a"]);
  const page = await done(here, one.client.history(channel));
  expect(page.messages.map((m) => m.body)).toEqual(["a"]);
  expect(errors).toEqual(["store_failed"]);
  expect(server.heard.some((frame) => frame.type === "ack")).toBe(false);
});

test("a store that cannot be opened is replaced by memory", async () => {
  const here = world();
  const server = fakeServer(here);
  const one = await device(here, server, ann);
  one.environment.openStore = () => Promise.reject(new Error("private window"));
  const errors: string[] = [];
  one.client.on("error", ({ code }) => errors.push(code));
  await started(here, one);
  await done(here, one.client.send(channel, "a"));
  expect(errors).toEqual(["store_failed"]);
});

test("a store that cannot be read is replaced by memory", async () => {
  const here = world();
  const server = fakeServer(here);
  const one = await device(here, server, ann);
  one.environment.openStore = async () => ({
    ...memoryStore(),
    load: () => Promise.reject(new Error("corrupt")),
    apply: () => Promise.reject(new Error("corrupt")),
  });
  const errors: string[] = [];
  one.client.on("error", ({ code }) => errors.push(code));
  await started(here, one);
  await done(here, one.client.send(channel, "a"));
  await here.advance(1000);
  expect(errors).toEqual(["store_failed"]);
});

test("[D3] a group that is created again after a lost answer is the same group", async () => {
  const { here, one } = await scene();
  const { fetch } = one.environment;
  const ids: unknown[] = [];
  one.environment.fetch = async (request) => {
    const answer = await fetch(request);
    if (request.method !== "POST") return answer;
    ids.push((JSON.parse(request.body ?? "") as { client_id: string }).client_id);
    if (ids.length === 1) throw new Error("lost");
    return answer;
  };
  const create = (name: string): Promise<unknown> =>
    done(here, one.client.createGroup({ name, members: [bob] })).catch(
      (error: DamsoError) => error,
    );
  expect(await create("x")).toMatchObject({ code: "disconnected", retry: true });
  await create("y");
  await create("x");
  await create("x");
  expect(ids[2]).toBe(ids[0]);
  expect(new Set(ids).size).toBe(3);
});
