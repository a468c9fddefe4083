import { expect, test } from "bun:test";
import type { DeviceId, LogIn, Session } from "@damso/sdk";
import { DamsoError } from "@damso/sdk";
import { signal } from "@preact/signals";
import { bothWords, createLater, memoryKeep, settle } from "../testing/context.ts";
import type { Fake } from "../testing/fake-client.ts";
import { createFake } from "../testing/fake-client.ts";
import { NOW, direct, talk, userId } from "../testing/scene.ts";
import type { FakeHost } from "../testing/host.ts";
import { fakeHost } from "../testing/host.ts";
import type { App, Place, World } from "./app.ts";
import { createApp } from "./app.ts";

type Opened = { app: App; world: World; fakes: Fake[]; run: () => void; signedUp: LogIn[] };

const sessionOf = (number: number): Session => ({
  server: "http://here",
  user_id: userId(number),
  device_id: userId(800 + number) as string as DeviceId,
  expires_at: NOW,
});

function open(place: Place = { name: "page" }, more: Partial<World> = {}): Opened {
  const { later, run } = createLater();
  const fakes: Fake[] = [];
  const signedUp: LogIn[] = [];
  let digits = 0;
  const world: World = {
    place,
    server: "http://here",
    languages: ["en"],
    words: bothWords,
    apple: false,
    keep: memoryKeep(),
    tabKeep: memoryKeep(),
    now: signal(NOW),
    network: signal(true),
    restarting: signal(false),
    host: fakeHost(),
    later,
    random: () => String((digits += 1)).padEnd(32, "a"),
    signUp: async (account) => {
      signedUp.push(account);
      return sessionOf(signedUp.length);
    },
    logIn: async () => sessionOf(1),
    wire: {
      request: async () => ({ status: 200, body: {} }),
      objectUrl: async (url) => url,
      forgetUrl: () => {},
    },
    createClient: () => {
      const fake = createFake([talk(direct(2), [1, 2], [[2, 3, "hi"]])]);
      fakes.push(fake);
      return fake;
    },
    ...more,
  };
  return { app: createApp(world), world, fakes, run, signedUp };
}

test("a first visit is welcomed, in the browser's language, which can be changed for good", async () => {
  const { app, world } = open({ name: "page" }, { languages: ["fr-FR", "ko-KR", "en"] });
  await app.start();
  expect(app.screen.value.name).toBe("welcome");
  expect(app.speech.language.value).toBe("ko");
  app.speech.toggle();
  expect(app.speech.language.value).toBe("en");
  expect(createApp(world).speech.language.value).toBe("en");
});

test("a session that was begun elsewhere is gone on with, and still is after a reload", async () => {
  const { app, world } = open();
  await app.start();
  app.enterAs(sessionOf(1));
  expect(app.screen.value.name).toBe("home");
  const again = createApp(world);
  await again.start();
  expect(again.screen.value.name).toBe("home");
});

test("whoever signs up is signed in, by cookie, and still is after a reload", async () => {
  const { app, world, signedUp } = open();
  await app.enter("sign_up", { username: " Min.Seo ", password: "a long secret", name: " 민서 " });
  expect(signedUp).toMatchObject([{ username: "min.seo", name: "민서", cookie: true }]);
  expect(app.screen.value.name).toBe("home");
  const again = createApp(world);
  await again.start();
  expect(again.screen.value.name).toBe("home");
});

test("a wrong password is told in a sentence, and the form stays", async () => {
  const { app } = open(
    { name: "page" },
    {
      logIn: async () => {
        throw new DamsoError("wrong_credentials");
      },
    },
  );
  app.show("log_in");
  await app.enter("log_in", { username: "ann", password: "x", name: "" });
  expect(app.problem.value).toBe("Username or password is wrong.");
  expect(app.screen.value).toEqual({ name: "account", form: "log_in" });
  expect(app.busy.value).toBe(false);
});

test("typing takes the problem away, and the other form has the same username", async () => {
  const { app } = open(
    { name: "page" },
    {
      signUp: async () => {
        throw new DamsoError("username_taken");
      },
    },
  );
  app.show("sign_up");
  app.setUsername("ann");
  await app.enter("sign_up", { username: "ann", password: "a long secret", name: "Ann" });
  expect(app.problem.value).toBe("Somebody already has this username.");
  app.forgive();
  expect(app.problem.value).toBe("");
  app.show("log_in");
  expect(app.username.value).toBe("ann");
  await app.enter("log_in", { username: "ann", password: "a long secret", name: "" });
  expect(app.username.value).toBe("");
});

test("a session that was ended elsewhere leads to the log-in, and is forgotten", async () => {
  const { app, world, fakes, run } = open();
  await app.enter("log_in", { username: "ann", password: "x", name: "" });
  fakes[0]!.connect({ name: "closed", reason: "session_ended" });
  run();
  await settle();
  expect(app.screen.value).toEqual({ name: "account", form: "log_in" });
  expect(app.problem.value).toBe("You were logged out.");
  expect(world.keep.get("damso.session")).toBeUndefined();
});

test("another tab that took over is told, and can be taken back", async () => {
  const { app, fakes } = open();
  await app.enter("log_in", { username: "ann", password: "x", name: "" });
  fakes[0]!.connect({ name: "closed", reason: "replaced" });
  const screen = app.screen.value;
  expect(screen.name === "home" && screen.home.bar.value).toEqual({
    text: "Damso is open in another tab.",
    action: "restart",
  });
  await app.restart();
  expect(fakes.length).toBe(2);
  expect(app.screen.value.name).toBe("home");
});

test("logging out works offline too", async () => {
  const { app, world, fakes } = open();
  await app.enter("log_in", { username: "ann", password: "x", name: "" });
  fakes[0]!.logOut = async () => {
    throw new DamsoError("disconnected");
  };
  await app.logOut();
  expect(app.screen.value.name).toBe("welcome");
  expect(world.keep.get("damso.session")).toBeUndefined();
  // The server goes on pushing: where it pushes to has to be gone.
  expect((world.host as FakeHost).calls).toContainEqual(["unsubscribe"]);
});

test("the demo signs two people up, once, and nobody can guess how", async () => {
  const { app, world, signedUp } = open({ name: "demo", anew: false });
  await app.start();
  expect(app.screen.value).toEqual({ name: "demo", names: ["지우", "Sam"] });
  expect(signedUp.map(({ username }) => username.slice(0, 5))).toEqual(["demo-", "demo-"]);
  expect(new Set(signedUp.flatMap(({ username, password }) => [username, password])).size).toBe(4);
  await createApp(world).start();
  expect(signedUp.length).toBe(2);
  await createApp({ ...world, place: { name: "demo", anew: true } }).start();
  expect(signedUp.length).toBe(4);
});

test("a demo without a server says so", async () => {
  const { app } = open(
    { name: "demo", anew: false },
    {
      signUp: async () => {
        throw new DamsoError("disconnected");
      },
    },
  );
  await app.start();
  expect(app.screen.value).toEqual({ name: "demo", names: undefined });
  expect(app.problem.value).toBe("The server does not answer.");
});

test("a pane opens the chat with the other one; the left one greets, once", async () => {
  const { app, world } = open({ name: "demo", anew: false });
  await app.start();
  const pane = async (side: "left" | "right"): Promise<Fake> => {
    const fake = createFake([talk(direct(2), [1, 2], [[2, 3, "hi"]])]);
    const opened = createApp({ ...world, place: { name: "pane", side }, createClient: () => fake });
    await opened.start();
    await settle();
    const screen = opened.screen.value;
    expect(screen.name === "home" && screen.home.chat.value?.id).toBe(
      fake.direct(side === "left" ? userId(2) : userId(1)),
    );
    return fake;
  };
  const sent = (fake: Fake): unknown[] => fake.calls.filter(([name]) => name === "sendSoon");
  const left = await pane("left");
  expect(sent(left)).toEqual([["sendSoon", direct(2), "Hi Sam! Nice to have you here. 👋", {}]]);
  expect(left.calls).toContainEqual(["contacts.add", userId(2)]);
  expect(sent(await pane("left"))).toEqual([]);
  expect(sent(await pane("right"))).toEqual([]);
});

test("a pane without its demo says that it is over", async () => {
  const { app } = open({ name: "pane", side: "left" });
  await app.start();
  expect(app.screen.value.name).toBe("demo_over");
});

test("log-out leaves nothing on the device, in any tab", async () => {
  const host = fakeHost();
  const keep = memoryKeep();
  const first = open({ name: "page" }, { host, keep });
  await first.app.enter("log_in", { username: "ann", password: "x", name: "" });
  const other = fakeHost();
  const second = open({ name: "page" }, { host: other, keep });
  await second.app.start();
  expect(second.app.screen.value.name).toBe("home");
  await first.app.logOut();
  expect(host.calls.filter(([name]) => name === "wipe").length).toBe(1);
  other.hear(false);
  await settle();
  expect(second.app.screen.value.name).toBe("welcome");
  expect(other.calls.filter(([name]) => name === "wipe").length).toBe(1);
});

test("a log-in in another tab is one here, and a late word of a log-out does not end it", async () => {
  const host = fakeHost();
  const keep = memoryKeep();
  const { app } = open({ name: "page" }, { host, keep });
  await app.start();
  keep.set("damso.session", JSON.stringify(sessionOf(1)));
  host.hear(true);
  expect(app.screen.value.name).toBe("home");
  keep.set("damso.session", JSON.stringify(sessionOf(2)));
  host.hear(false);
  await settle();
  expect(app.screen.value.name).toBe("home");
  expect(keep.get("damso.session")).toContain(sessionOf(2).device_id);
  expect(host.calls.filter(([name]) => name === "wipe")).toEqual([]);
});

test("what is still under way when the session ends is kept nowhere", async () => {
  const keep = memoryKeep();
  const { app } = open({ name: "page" }, { keep });
  await app.enter("log_in", { username: "ann", password: "x", name: "" });
  const screen = app.screen.value;
  if (screen.name !== "home") throw new Error("not signed in");
  await app.logOut();
  screen.home.context.keep.set("damso.drafts", "secret");
  expect(keep.get("damso.drafts")).toBeUndefined();
});
