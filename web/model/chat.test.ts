import { expect, test } from "bun:test";
import { DamsoError } from "@damso/sdk";
import { createScene, settle } from "../testing/context.ts";
import type { Scene } from "../testing/context.ts";
import type { Line, Talk } from "../testing/scene.ts";
import { at, direct, groupId, talk, userId } from "../testing/scene.ts";
import type { Chat } from "./chat.ts";
import { openChat } from "./chat.ts";
import { createDeletions } from "./deletions.ts";
import { createDrafts } from "./drafts.ts";
import { createEdits } from "./edits.ts";
import { createMembers } from "./members.ts";
import { muteOf, mutedUntil } from "./mute.ts";
import { createReporting } from "./report.ts";

const ann = direct(2);
const club = groupId(1);
const many = (count: number): Line[] =>
  Array.from({ length: count }, (_, index) => [2, count - index, `line ${index + 1}`]);

type Opened = Scene & { chat: Chat; notice: () => string };

function open(talks: Talk[], id = talks[0]!.channel.id, prepare?: (scene: Scene) => void): Opened {
  const scene = createScene(talks);
  prepare?.(scene);
  const { report, notice } = createReporting(scene.context);
  const deletions = createDeletions(scene.context, report);
  const edits = createEdits(scene.context, report);
  const drafts = createDrafts(scene.context);
  const chat = openChat(scene.context, id, { drafts, report, deletions, edits });
  return { ...scene, chat, notice: () => notice.value };
}

test("the header says presence in words", () => {
  const { fake, chat } = open([talk(ann, [1, 2], [])]);
  expect(chat.header.value.text).toBe("offline");
  fake.see({ user_id: userId(2), state: "offline", last_active_at: at(5) });
  expect(chat.header.value).toMatchObject({ online: false, text: "last seen 5 minutes ago" });
  fake.see({ user_id: userId(2), state: "online" });
  expect(chat.header.value).toMatchObject({ online: true, text: "online" });
});

test("a chat that nobody has written in yet is open and empty", async () => {
  const { chat } = open([talk(club, [1, 2], [])], direct(3));
  await settle();
  expect(chat.timeline.state.value).toBe("ready");
  expect(chat.header.value.name).toBe("Sam");
  chat.composer.type("hi", 2);
  chat.composer.submit();
  await settle();
  expect(chat.timeline.items.value.map(({ kind }) => kind)).toEqual(["day", "bubble"]);
});

test("a direct chat that is born while it is opened is open", async () => {
  const { chat } = open([talk(club, [1, 2], [])], direct(3), ({ fake }) => {
    fake.open = async () => {
      throw new DamsoError("not_member");
    };
  });
  await settle();
  expect(chat.timeline.state.value).toBe("ready");
});

test("a chat that cannot be loaded says so, and can be tried again", async () => {
  let works = false;
  const { chat } = open([talk(club, [1, 2], [])], club, ({ fake }) => {
    fake.open = async () => {
      if (!works) throw new DamsoError("timeout");
    };
  });
  await settle();
  expect(chat.timeline.state.value).toBe("failed");
  works = true;
  await chat.timeline.open();
  expect(chat.timeline.state.value).toBe("ready");
});

test("with much unread a chat opens around the first of it, and the line stays where it is", async () => {
  const { fake, chat } = open([talk(ann, [1, 2], many(200), { read: 60, unread: 140 })]);
  const { items } = chat.timeline;
  // The newest may be held already, and would have to make way.
  expect(items.value).toEqual([]);
  await settle();
  expect(items.value.some(({ kind }) => kind === "unread")).toBe(true);
  expect(fake.messages(ann).messages[0]?.seq).toBeLessThan(61);
  chat.saw(200);
  expect(fake.channel(ann)?.unread).toBe(0);
  expect(chat.timeline.unread_from).toBe(61);
});

test("a chat that was left at an old message opens at its newest", async () => {
  let jumped = true;
  const { chat } = open([talk(ann, [1, 2], many(200))], ann, ({ fake }) => {
    const { messages, history } = fake;
    fake.messages = (id) => {
      const { messages: all } = messages(id);
      if (!jumped) return messages(id);
      return { messages: all.slice(0, 10), more_before: true, more_after: true };
    };
    fake.history = (...query) => {
      jumped = false;
      return history(...query);
    };
  });
  const shown = (): (number | undefined)[] =>
    [0, -1].map((index) => chat.timeline.page.value.messages.at(index)?.seq);
  expect(shown()).toEqual([undefined, undefined]);
  await settle();
  expect(shown()).toEqual([181, 200]);
});

test("where its newest cannot be had, it shows what is held", async () => {
  const { chat } = open([talk(ann, [1, 2], many(200))], ann, ({ fake }) => {
    const { messages } = fake;
    fake.messages = (id) => ({ ...messages(id), more_after: true });
    fake.history = async () => {
      throw new DamsoError("timeout");
    };
  });
  await settle();
  expect(chat.timeline.state.value).toBe("ready");
  expect(chat.timeline.page.value.messages.length).toBe(20);
});

test("older messages are loaded until there are none, one load at a time", async () => {
  const { fake, chat } = open([talk(ann, [1, 2], many(120))]);
  await settle();
  const { history } = fake;
  let loads = 0;
  fake.history = (...query) => {
    loads += 1;
    return history(...query);
  };
  const first = (): number | undefined => chat.timeline.page.value.messages[0]?.seq;
  expect(first()).toBe(101);
  await chat.timeline.loadOlder();
  expect([first(), loads]).toEqual([76, 0]);
  await Promise.all([chat.timeline.loadOlder(), chat.timeline.loadOlder()]);
  expect([first(), loads]).toEqual([51, 1]);
  for (let steps = 0; steps < 2; steps += 1) await chat.timeline.loadOlder();
  expect(first()).toBe(1);
});

test("where all that was drawn has been hidden, what stands before it is loaded", async () => {
  const { fake, chat } = open([talk(ann, [1, 2], many(3))]);
  await settle();
  const { messages } = fake;
  fake.messages = () => ({ messages: [], more_before: true, more_after: false });
  fake.type(ann, []);
  expect(chat.timeline.items.value).toEqual([]);
  fake.history = async () => {
    fake.messages = messages;
    fake.type(ann, []);
    return messages(ann);
  };
  await chat.timeline.loadOlder();
  expect(chat.timeline.page.value.messages.length).toBe(3);
});

test("a message further up can be reached, one that is not there cannot", async () => {
  const { chat } = open([talk(ann, [1, 2], many(120))]);
  await settle();
  expect(await chat.timeline.reach(3)).toBe(true);
  expect(chat.timeline.find(3)?.body).toBe("line 3");
  expect(await chat.timeline.reach(999)).toBe(false);
});

test("the marker only moves forward", () => {
  const { fake, chat } = open([talk(ann, [1, 2], many(5), { read: 3, unread: 2 })]);
  chat.saw(2);
  chat.saw(4);
  chat.saw(4);
  expect(fake.calls.filter(([name]) => name === "read")).toEqual([["read", ann, 4]]);
});

test("a reaction is put on and taken off", async () => {
  const { fake, chat } = open([talk(ann, [1, 2], many(1))]);
  const message = (): NonNullable<ReturnType<typeof chat.timeline.find>> => chat.timeline.find(1)!;
  chat.react(message(), "👍");
  await settle();
  chat.react(message(), "👍");
  await settle();
  expect(fake.calls.filter(([name]) => name === "react").map((call) => call[4])).toEqual([
    true,
    false,
  ]);
});

test("the newest own message that can be is edited", async () => {
  const lines: Line[] = [
    [1, 9, "mine"],
    [1, 8, "gone", { deleted_at: at(1) }],
    [2, 7, "yours"],
  ];
  const { chat } = open([talk(ann, [1, 2], lines)]);
  await chat.editLast();
  expect(chat.composer.field.value.text).toBe("mine");
});

test("a refusal is told in a sentence", async () => {
  const { fake, chat, notice, run } = open([talk(ann, [1, 2], many(1))]);
  fake.delete = async () => {
    throw new DamsoError("forbidden");
  };
  chat.remove([chat.timeline.find(1)!], "all");
  run();
  await settle();
  expect(notice()).toBe("You may not do this.");
  run();
  expect(notice()).toBe("");
});

test("who may do what in a group", async () => {
  const may = (members: number[], invite: "members" | "admins" = "members"): unknown => {
    const settings = { history: "from_join", invite } as const;
    const { chat } = open([talk(club, members, [], { settings })]);
    const model = createMembers(chat);
    const rows = model.rows.value.map(
      (row) => `${row.role}:${row.may.remove}:${row.may.changeRole}`,
    );
    return [model.mayRename.value, model.mayAdd.value, ...rows];
  };
  const [owner, admin, member] = ["owner:false:false", "admin:false:false", "member:false:false"];
  expect(may([1, 2, 3])).toEqual([true, true, owner, "admin:true:true", "member:true:true"]);
  expect(may([2, 1, 3])).toEqual([true, true, owner, admin, "member:true:false"]);
  expect(may([2, 3, 1])).toEqual([false, true, owner, admin, member]);
  expect(may([2, 3, 1], "admins")).toEqual([false, false, owner, admin, member]);
});

test("a mute is shown as what was chosen", () => {
  const now = Date.parse(at(0));
  for (const mute of ["off", "hour", "workday", "ever"] as const) {
    expect(muteOf(mutedUntil(mute, now) ?? undefined, now)).toBe(mute);
  }
});

test("the next mention is the first unread one that means me, also where it is not loaded", async () => {
  const lines = many(400);
  lines[9] = [2, 391, "@민서 read already", { mentions: [userId(1)] }];
  lines[119] = [1, 281, "@all of my own", { mentions: ["all"] }];
  lines[299] = [2, 101, "@all", { mentions: ["all"] }];
  const { chat } = open([talk(club, [1, 2, 3], lines, { read: 20, unread: 380 })]);
  await settle();
  expect(await chat.nextMention()).toBe(300);
  chat.saw(300);
  expect(await chat.nextMention()).toBeUndefined();
});

test("the way back leads through where one was, newest first", () => {
  const { chat } = open([talk(ann, [1, 2], many(1))]);
  expect(chat.trail.back()).toBeUndefined();
  for (const seq of [5, 9, 9, 2]) chat.trail.leave(seq);
  expect(chat.trail.open.value).toBe(true);
  expect([chat.trail.back(), chat.trail.back(), chat.trail.back()]).toEqual([2, 9, 5]);
  chat.trail.leave(1);
  chat.trail.forget();
  expect(chat.trail.open.value).toBe(false);
});

test("a message that cannot be sent is told of once", async () => {
  const { fake, chat, notice, run } = open([talk(ann, [1, 2], many(1))]);
  fake.hold = true;
  chat.composer.type("hi", 2);
  chat.composer.submit();
  fake.refuse(ann, "blocked");
  await settle();
  expect(notice()).toBe("You cannot write to each other.");
  run();
  fake.type(ann, [userId(2)]);
  await settle();
  expect(notice()).toBe("");
});

test("what is being deleted is not what ArrowUp edits", async () => {
  const { chat } = open([
    talk(
      ann,
      [1, 2],
      [
        [1, 3, "first"],
        [1, 2, "second"],
      ],
    ),
  ]);
  await settle();
  chat.remove(chat.timeline.page.value.messages.slice(1), "all");
  await chat.editLast();
  expect(chat.composer.field.value.text).toBe("first");
});

test("messages that were chosen stay chosen when they are not drawn any more", async () => {
  const { chat } = open([talk(ann, [1, 2], many(400))]);
  await settle();
  chat.selection.toggle(400);
  await chat.timeline.reach(10);
  chat.selection.toggle(10);
  expect(chat.timeline.page.value.messages.at(-1)?.seq).toBeLessThan(400);
  expect(chat.selection.messages.value.map(({ seq }) => seq)).toEqual([10, 400]);
  chat.selection.toggle(400);
  expect(chat.selection.messages.value.map(({ seq }) => seq)).toEqual([10]);
});
