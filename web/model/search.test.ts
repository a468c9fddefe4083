import { expect, test } from "bun:test";
import { DamsoError } from "@damso/sdk";
import { computed } from "@preact/signals";
import { createScene, settle } from "../testing/context.ts";
import type { Scene } from "../testing/context.ts";
import { direct, groupId, talk, userId } from "../testing/scene.ts";
import { createChatList } from "./chat-list.ts";
import type { Search } from "./search.ts";
import { createSearch } from "./search.ts";
import { inPieces, snippetOf } from "./snippet.ts";

const [jiwoo, club] = [direct(2), groupId(1)];

type Opened = Scene & { search: Search; asked: string[] };

function open(answer?: (path: string) => unknown): Opened {
  const scene = createScene([
    talk(
      jiwoo,
      [1, 2],
      [
        [2, 9, "국수 먹을까?"],
        [1, 8, "Noodles, gladly"],
        [2, 7, "", { deleted_at: "2026-03-12T06:00:00.000Z" }],
      ],
    ),
    talk(club, [1, 2, 3], [[3, 2, "@민서 bring NOODLES", { mentions: [userId(1)] }]], {
      name: "Noodle club",
    }),
  ]);
  const asked: string[] = [];
  const context: Scene["context"] = {
    ...scene.context,
    api: {
      ...scene.context.api,
      ask: async <T>(_: string, path: string) => {
        asked.push(path);
        if (!answer) throw new DamsoError("disconnected");
        return answer(path) as T;
      },
    },
  };
  const rows = createChatList(context, () => "");
  const search = createSearch(context, rows, async (channel, from, to) =>
    scene.fake.messages(channel).messages.filter(({ seq }) => seq >= from && seq <= to),
  );
  return { ...scene, context, search, asked };
}

async function type({ search, run }: Opened, text: string): Promise<void> {
  search.type(text);
  run();
  await settle();
}
const hits = ({ search }: Opened): string[] =>
  search.results.value.hits.map(
    ({ channel, seq }) => `${channel === club ? "club" : "jiwoo"} ${seq}`,
  );

test("without the server, what is kept here is searched, newest first", async () => {
  const opened = open();
  await type(opened, "noodles");
  expect(hits(opened)).toEqual(["club 1", "jiwoo 2"]);
  expect(opened.search.results.value.local).toBe(true);
  expect(opened.search.chats.value.map(({ name }) => name)).toEqual([]);
  await type(opened, "noodle");
  expect(opened.search.chats.value.map(({ name }) => name)).toEqual(["Noodle club"]);
  await type(opened, "국수");
  expect(hits(opened)).toEqual(["jiwoo 1"]);
});

test("one chat is searched, and those who mention me are found without a word", async () => {
  const opened = open();
  await type(opened, "noodles");
  opened.search.look({ kind: "chat", channel: jiwoo });
  await settle();
  expect(hits(opened)).toEqual(["jiwoo 2"]);
  opened.search.look({ kind: "mentions" });
  await settle();
  expect(hits(opened)).toEqual(["club 1"]);
});

test("the server is asked after a pause, page by page", async () => {
  const opened = open((path) => ({
    hits: [{ channel: jiwoo, seq: path.includes("before") ? 1 : 2, snippet: "some noodles" }],
    ...(path.includes("before") ? {} : { before: "9" }),
  }));
  opened.search.type("noo");
  await type(opened, "noodles");
  expect(opened.asked).toEqual(["/v1/search?q=noodles"]);
  expect(opened.search.results.value.hits[0]?.pieces.at(-1)).toEqual({
    text: "noodles",
    hit: true,
  });
  await opened.search.more();
  await opened.search.more();
  expect(opened.asked).toEqual(["/v1/search?q=noodles", "/v1/search?q=noodles&before=9"]);
  expect(hits(opened)).toEqual(["jiwoo 2", "jiwoo 1"]);
  await type(opened, " ");
  expect(hits(opened)).toEqual([]);
});

test("a further page that cannot be had can be asked for again, and repeats nothing", async () => {
  let works = true;
  const opened = open((path) => {
    if (!works) throw new DamsoError("disconnected");
    const more = path.includes("before");
    return { hits: [{ channel: jiwoo, seq: more ? 1 : 2 }], ...(!more && { before: "9" }) };
  });
  await type(opened, "noodles");
  works = false;
  expect(await opened.search.more().catch(String)).toContain("disconnected");
  expect([hits(opened), opened.search.busy.value]).toEqual([["jiwoo 2"], false]);
  works = true;
  await opened.search.more();
  expect(hits(opened)).toEqual(["jiwoo 2", "jiwoo 1"]);
});

test("all pages are there when the same search is opened again", async () => {
  const opened = open((path) => {
    const more = path.includes("before");
    return { hits: [{ channel: jiwoo, seq: more ? 1 : 2 }], ...(!more && { before: "9" }) };
  });
  await type(opened, "noodles");
  await opened.search.more();
  opened.search.resume({ kind: "all" });
  await settle();
  expect(hits(opened)).toEqual(["jiwoo 2", "jiwoo 1"]);
  opened.search.resume({ kind: "chat", channel: jiwoo });
  await settle();
  expect(hits(opened)).toEqual(["jiwoo 2"]);
});

test("an answer to an earlier word does not come over a later one", async () => {
  const answers: ((hits: object) => void)[] = [];
  const opened = open(() => new Promise((resolve) => answers.push(resolve)));
  await type(opened, "first");
  await type(opened, "second");
  answers[1]?.({ hits: [{ channel: jiwoo, seq: 2, snippet: "second" }] });
  await settle();
  answers[0]?.({ hits: [{ channel: jiwoo, seq: 1, snippet: "first" }] });
  await settle();
  expect(hits(opened)).toEqual(["jiwoo 2"]);
});

test("a snippet stands around its word", () => {
  const long = `${"a ".repeat(60)}Needle${" b".repeat(100)}`;
  expect(snippetOf(long, "needle")).toMatch(/^…(a )+Needle( b)+…$/);
  expect(snippetOf("short needle", "NEEDLE")).toBe("short needle");
  expect(snippetOf("nothing", "needle")).toBeUndefined();
  expect(inPieces("aXbxc", "x")).toEqual([
    { text: "a", hit: false },
    { text: "X", hit: true },
    { text: "b", hit: false },
    { text: "x", hit: true },
    { text: "c", hit: false },
  ]);
});

test("a store that fails finds nothing, and the search comes to its end", async () => {
  const { context, run } = open();
  const broken = createSearch(
    context,
    computed(() => []),
    () => Promise.reject(new Error("the database is closed")),
  );
  broken.type("noodles");
  run();
  await settle();
  expect([broken.busy.value, broken.results.value.hits]).toEqual([false, []]);
});

test("for an earlier word no further chat is looked through", async () => {
  const { context, run } = open();
  const read: string[] = [];
  let answer = (): void => {};
  const slow = createSearch(
    context,
    computed(() => []),
    (channel) => {
      read.push(channel);
      return new Promise((resolve) => (answer = () => resolve([])));
    },
  );
  slow.type("first");
  run();
  await settle();
  slow.type("second");
  answer();
  await settle();
  expect(read).toHaveLength(1);
});
