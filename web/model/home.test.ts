import { expect, test } from "bun:test";
import type { ConnectionState } from "@damso/sdk";
import { effect, signal } from "@preact/signals";
import { fakeHost } from "../testing/host.ts";
import { createScene, settle } from "../testing/context.ts";
import type { Scene } from "../testing/context.ts";
import { direct, groupId, userId } from "../testing/scene.ts";
import { talks } from "../testing/talks.ts";
import { barOf } from "./connection.ts";
import type { Home } from "./home.ts";
import { createHome } from "./home.ts";
import { initials, colourOf } from "./initials.ts";
import { en } from "./strings/en.ts";

function open(network = signal(true)): Scene & { home: Home } {
  const scene = createScene(talks());
  const { context, fake } = scene;
  const home = createHome(fake, {
    apple: false,
    stored: undefined,
    ...context,
    network,
    host: fakeHost(),
    restarting: signal(false),
    ended: () => {},
    renewed: () => {},
  });
  return { ...scene, home };
}

test("a chat is opened by its id, and what is no id opens nothing", () => {
  const { home } = open();
  home.open("nonsense");
  expect(home.chat.value).toBeUndefined();
  home.open(direct(2));
  const chat = home.chat.value;
  home.open(direct(2));
  expect(home.chat.value).toBe(chat);
  home.close();
  expect(home.chat.value).toBeUndefined();
});

test("a group that one has left is closed", async () => {
  const { home, fake } = open();
  home.open(groupId(1));
  await fake.leave(groupId(1));
  expect(home.chat.value).toBeUndefined();
});

test("those in the list are watched, and the one whose chat is open first", async () => {
  const { home, fake } = open();
  let watched: readonly string[] = [];
  fake.watch = (users) => {
    watched = users;
  };
  home.openWith(userId(4));
  await settle();
  expect(watched.slice(0, 2)).toEqual([userId(4), userId(2)]);
  expect(watched).not.toContain(userId(1));
});

test("the draft of the open chat does not stand in the list", () => {
  const { home } = open();
  const kinds = (): unknown[] => home.rows.value.map(({ preview }) => preview.kind);
  expect(kinds()).toContain("draft");
  home.open(groupId(2));
  expect(kinds()).not.toContain("draft");
});

test("messages of others are announced in batches, own ones and many are not read out", async () => {
  const { home, fake, run } = open();
  fake.receive(direct(3), 3, "hello");
  fake.receive(direct(3), 1, "mine");
  fake.receive(direct(2), 2, "너");
  expect(home.announcement.value).toBe("");
  await settle();
  run();
  expect(home.announcement.value).toBe("Sam: hello\n지우: 너");
  for (let count = 0; count < 5; count += 1) fake.receive(direct(3), 3, "spam");
  run();
  expect(home.announcement.value).toBe("5 new messages");
});

test("the same words from the same person are said again", async () => {
  const { home, fake, run } = open();
  const said: string[] = [];
  effect(() => void said.push(home.announcement.value));
  for (let count = 0; count < 2; count += 1) {
    fake.receive(direct(3), 3, "ㅋㅋ");
    await settle();
    run();
  }
  expect(said).toEqual(["", "Sam: ㅋㅋ", "", "Sam: ㅋㅋ"]);
});

test("who is taken into a group is told so as oneself", async () => {
  const { home, fake, run } = open();
  const system = { event: "joined" as const, by: userId(3), users: [userId(1)] };
  fake.receive(groupId(1), 3, "", { kind: "system", system });
  await settle();
  run();
  expect(home.announcement.value).toBe("Sam added you");
});

test("what is muted is announced only when it means me, and a deletion with its way back", async () => {
  const { home, fake, run } = open();
  await fake.set(direct(3), { muted_until: "9999-12-31T00:00:00.000Z" });
  fake.receive(direct(3), 3, "psst");
  run();
  expect(home.announcement.value).toBe("");
  fake.receive(direct(3), 3, "@민서 look", { mentions: [userId(1)] });
  await settle();
  run();
  expect(home.announcement.value).toBe("Sam: @민서 look");
  home.deletions.remove(direct(3), [1], "me");
  expect(home.announcement.value).toBe("Message deleted. Undo?");
});

test("the connection in words, and silence while it is there", () => {
  const states: ConnectionState[] = [
    { name: "online" },
    { name: "connecting" },
    { name: "waiting", until: 0 },
    { name: "offline" },
    { name: "closed", reason: "session_ended" },
  ];
  expect(states.map((state) => barOf(state, en, false)?.text)).toEqual([
    undefined,
    "Connecting…",
    "No connection. Trying again…",
    "Offline: messages will be sent when you are back",
    "You were logged out.",
  ]);
});

test("a lost network is told at once, and not for longer than the client believes it", () => {
  const network = signal(true);
  const { home, run } = open(network);
  const text = (): string | undefined => home.bar.value?.text;
  expect(home.context.connected.value).toBe(true);
  network.value = false;
  expect([text(), home.context.connected.value]).toEqual([en.offlineBar, false]);
  network.value = true;
  expect([text(), home.context.connected.value]).toEqual([undefined, true]);
  network.value = false;
  run();
  expect([text(), home.context.connected.value]).toEqual([undefined, true]);
});

test("a face has the given name in Korean, and letters elsewhere", () => {
  const faces = ["김도현", "지우", "할머니", "Noah Kim", "sam", "", "남궁민수", "🦊"].map(initials);
  expect(faces).toEqual(["도현", "지우", "할머", "NK", "S", "", "남궁", "🦊"]);
  expect(colourOf(userId(2))).toBe(colourOf(userId(2)));
  expect(colourOf(userId(2))).toBeLessThan(8);
});
