import { expect, test } from "bun:test";
import { signal } from "@preact/signals";
import { createScene, settle } from "../testing/context.ts";
import type { Scene } from "../testing/context.ts";
import { direct, talk } from "../testing/scene.ts";
import type { Row } from "./chat-list.ts";
import { createChatList } from "./chat-list.ts";
import type { Chat } from "./chat.ts";
import { openChat } from "./chat.ts";
import { createDeletions } from "./deletions.ts";
import { createDrafts } from "./drafts.ts";
import { createEdits } from "./edits.ts";
import type { Going } from "./going.ts";
import { createGoing } from "./going.ts";
import { createReporting } from "./report.ts";

const [jiwoo, sam] = [direct(2), direct(3)];

function open(): Scene & { going: Going; chat: () => Chat | undefined; row: () => Row } {
  const scene = createScene([
    talk(jiwoo, [1, 2], [[2, 1, "hi"]]),
    talk(sam, [1, 3], [[3, 2, "there"]], { read: 0, unread: 1 }),
  ]);
  const { context } = scene;
  const { report } = createReporting(context);
  const rows = createChatList(context, () => "");
  const chat = signal<Chat | undefined>(undefined);
  const tools = {
    drafts: createDrafts(context),
    report,
    deletions: createDeletions(context, report),
    edits: createEdits(context, report),
  };
  const place = {
    rows,
    chat,
    open: (id: string) => {
      const channel = rows.value.find((row) => row.id === id)?.id ?? jiwoo;
      chat.value = openChat(context, channel, tools);
    },
  };
  const going = createGoing(context, report, place, { apple: false, stored: undefined });
  const row = (): Row => rows.value.find(({ id }) => id === sam)!;
  return { ...scene, going, chat: () => chat.value, row };
}

const sets = ({ fake }: Scene): unknown[] =>
  fake.calls.filter(([name]) => name === "set" || name === "read").map((call) => call[2]);

test("keys go from chat to chat and open what lies over the page", () => {
  const { going, chat } = open();
  expect(going.act("next_chat")).toBe(true);
  expect(chat()?.id).toBe(jiwoo);
  going.act("next_unread");
  expect(chat()?.id).toBe(sam);
  going.act("previous_chat");
  expect(chat()?.id).toBe(jiwoo);
  going.act("search");
  expect(going.panel.value).toBe("search");
  expect(going.scope.value).toEqual({ kind: "chat", channel: jiwoo });
  going.act("switcher");
  expect(going.panel.value).toBe("switcher");
  expect(going.act("to_field")).toBe(false);
});

test("a chat opens at a message", () => {
  const { going, chat } = open();
  going.openAt(sam, 1);
  expect([chat()?.id, chat()?.wanted.value]).toEqual([sam, 1]);
});

test("a chat is pinned, muted, marked and cleared from the list", async () => {
  const scene = open();
  const { going, row } = scene;
  going.actions.togglePin(row());
  going.actions.toggleMute(row());
  going.actions.toggleRead(row());
  await settle();
  expect(row()).toMatchObject({ pinned: true, muted: true, unread: 0, marked: false });
  going.actions.toggleRead(row());
  await settle();
  expect(row().marked).toBe(true);
  going.actions.toggleRead(row());
  going.actions.togglePin(row());
  going.actions.toggleMute(row());
  going.actions.clear(row());
  await settle();
  expect(row()).toMatchObject({ pinned: false, muted: false, marked: false });
  expect(sets(scene)).toEqual([
    { pinned: true },
    { muted_until: "9999-12-31T00:00:00.000Z" },
    1,
    { unread_mark: true },
    { unread_mark: null },
    { pinned: null },
    { muted_until: null },
    { cleared_to: 1 },
  ]);
});
