import { expect, test } from "bun:test";
import type { ChannelId } from "@damso/sdk";
import { DamsoError } from "@damso/sdk";
import { createScene, memoryKeep, settle } from "../testing/context.ts";
import type { Scene } from "../testing/context.ts";
import { direct, groupId, talk, userId } from "../testing/scene.ts";
import type { Composer } from "./composer.ts";
import { createComposer } from "./composer.ts";
import { createDrafts } from "./drafts.ts";
import { createEdits } from "./edits.ts";
import { createReporting } from "./report.ts";

const ann = direct(2);
const club = groupId(1);

function open(id = ann, more = {}): Scene & { composer: Composer } {
  const scene = createScene([
    talk(
      id,
      [1, 2, 3],
      [
        [2, 3, "hi"],
        [1, 2, "hello"],
      ],
      more,
    ),
  ]);
  return { ...scene, composer: composerOf(scene, id) };
}
function composerOf({ context }: Scene, id: ChannelId): Composer {
  const { report } = createReporting(context);
  const tools = { drafts: createDrafts(context), report, edits: createEdits(context, report) };
  return createComposer(context, id, tools);
}
const typed = (composer: Composer, text: string): void => composer.type(text, text.length);

test("a text is sent as it stands, and the field is empty after", () => {
  const { fake, composer } = open();
  typed(composer, " two\nlines ");
  composer.submit();
  expect(fake.calls).toContainEqual(["sendSoon", ann, " two\nlines ", {}]);
  expect(composer.field.value.text).toBe("");
  expect(composer.ready.value).toBe(false);
});

test("nothing but spaces is not sent", () => {
  const { fake, composer } = open();
  typed(composer, " \n ");
  composer.submit();
  expect(fake.calls.filter(([name]) => name === "sendSoon")).toEqual([]);
});

test("a text that the client cannot queue stays in the field", () => {
  const { fake, composer } = open();
  fake.sendSoon = () => {
    throw new Error("full");
  };
  typed(composer, "hi");
  composer.submit();
  expect(composer.ready.value).toBe(true);
});

test("a reply keeps what was begun, and is a reply once", () => {
  const { fake, composer } = open();
  const [message] = fake.messages(ann).messages;
  typed(composer, "yes");
  composer.reply(message!);
  expect(composer.field.value.text).toBe("yes");
  composer.submit();
  typed(composer, "and");
  composer.submit();
  const options = fake.calls.filter(([name]) => name === "sendSoon").map((call) => call[3]);
  expect(options).toEqual([{ reply_to: 1 }, {}]);
});

test("an edit changes the message and gives the begun text back", async () => {
  const { fake, composer } = open();
  typed(composer, "begun");
  await composer.edit(fake.messages(ann).messages[1]!);
  expect(composer.field.value.text).toBe("hello");
  typed(composer, "hello you");
  composer.submit();
  await settle();
  expect(fake.calls).toContainEqual(["edit", ann, 2, "hello you"]);
  expect(composer.field.value.text).toBe("begun");
  expect(composer.mode.value.kind).toBe("new");
});

test("an edit that changes nothing is not sent", async () => {
  const { fake, composer } = open();
  await composer.edit(fake.messages(ann).messages[1]!);
  composer.submit();
  expect(fake.calls.filter(([name]) => name === "edit")).toEqual([]);
});

test("keystrokes are told as typing, an emptied field and an edit are not", async () => {
  const { fake, composer } = open();
  const told = (): number => fake.calls.filter(([name]) => name === "typing").length;
  typed(composer, "h");
  typed(composer, "");
  expect(told()).toBe(1);
  await composer.edit(fake.messages(ann).messages[1]!);
  typed(composer, "x");
  expect(told()).toBe(1);
});

test("a chosen mention is sent with its user, everyone as all", () => {
  const { fake, composer } = open(club);
  typed(composer, "@s");
  expect(composer.candidates.value.map(({ name }) => name)).toEqual(["Sam"]);
  composer.choose(composer.candidates.value[0]!);
  expect(composer.field.value).toEqual({ text: "@Sam ", caret: 5 });
  typed(composer, "@Sam and @every");
  composer.choose(composer.candidates.value[0]!);
  composer.submit();
  expect(fake.calls.at(-1)).toEqual([
    "sendSoon",
    club,
    "@Sam and @everyone ",
    { mentions: [userId(3), "all"] },
  ]);
});

test("candidates that were sent away come back with another text only", () => {
  const { composer } = open(club);
  typed(composer, "@s");
  composer.dismissCandidates();
  // Enter reads the field once more.
  typed(composer, "@s");
  expect(composer.candidates.value).toEqual([]);
  typed(composer, "@sa");
  expect(composer.candidates.value.map(({ name }) => name)).toEqual(["Sam"]);
});

test("in a direct chat an @ is an @", () => {
  const { composer } = open();
  typed(composer, "@");
  expect(composer.candidates.value).toEqual([]);
});

test("a draft is there again at once, and goes to the server after a pause", async () => {
  const keep = memoryKeep();
  const first = createScene([talk(ann, [1, 2], [])], keep);
  const drafts = createDrafts(first.context);
  drafts.set(ann, "beg");
  drafts.set(ann, "begun");
  expect(first.fake.calls).toEqual([]);
  const second = createScene([talk(ann, [1, 2], [])], keep);
  expect(createDrafts(second.context).of(ann)).toBe("begun");
  first.run();
  await settle();
  expect(first.fake.calls).toEqual([["set", ann, { draft: "begun" }]]);
  expect(drafts.of(ann)).toBe("begun");
});

test("what was sent within the pause never was a draft", async () => {
  const { fake, composer, run } = open();
  typed(composer, "quick");
  composer.submit();
  run();
  await settle();
  expect(fake.calls.filter(([name]) => name === "set")).toEqual([]);
});

for (const outcome of ["comes there", "is lost"]) {
  test(`a text that is sent while its draft is under way is no draft, also when that ${outcome}`, async () => {
    const { fake, composer, run, context } = open();
    const { set } = fake;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // What the server has is told of before the answer, or after a connection was lost and found.
    fake.set = async (...draft) => {
      await promise;
      await set(...draft);
    };
    typed(composer, "sent");
    run();
    composer.submit();
    if (outcome === "comes there") resolve();
    else reject(new DamsoError("disconnected"));
    fake.set = set;
    await settle();
    if (outcome === "is lost") await set(ann, { draft: "sent" });
    run();
    await settle();
    expect(fake.channel(ann)?.draft).toBeUndefined();
    expect(createDrafts(context).of(ann)).toBe("");
  });
}

test("a text that is sent before the server's news of its draft is no draft either", async () => {
  const { fake, composer, run } = open();
  const { set } = fake;
  fake.set = async () => {};
  typed(composer, "sent");
  run();
  await settle();
  composer.submit();
  await set(ann, { draft: "sent" });
  fake.set = set;
  run();
  await settle();
  expect(fake.channel(ann)?.draft).toBeUndefined();
});

test("the account's draft is cleared when its text is sent", async () => {
  const { fake, composer, run } = open(ann, { draft: "from the phone" });
  expect(composer.field.value.text).toBe("from the phone");
  composer.submit();
  run();
  await settle();
  expect(fake.calls).toContainEqual(["set", ann, { draft: null }]);
  expect(fake.channel(ann)?.draft).toBeUndefined();
});

test("something is put in where the caret stands, and kept as a draft", () => {
  const { fake, composer, run } = open();
  composer.type("ab", 1);
  composer.insert("😄");
  expect(composer.field.value).toEqual({ text: "a😄b", caret: 3 });
  run();
  expect(fake.calls).toContainEqual(["set", ann, { draft: "a😄b" }]);
});

test("a mention that was begun in a draft is one after the chat was left and opened again", () => {
  const keep = memoryKeep();
  const scene = createScene([talk(club, [1, 2, 3], [])], keep);
  const first = composerOf(scene, club);
  typed(first, "@s");
  first.choose(first.candidates.value[0]!);
  const again = composerOf(scene, club);
  again.submit();
  expect(scene.fake.calls.at(-1)?.[3]).toEqual({ mentions: [userId(3)] });
});

test("who turns from an edit to a reply answers with what was begun before, not with the edited text", async () => {
  const { fake, composer } = open();
  typed(composer, "begun");
  await composer.edit(fake.messages(ann).messages[1]!);
  composer.reply(fake.messages(ann).messages[0]!);
  expect(composer.field.value.text).toBe("begun");
});

test("two tabs keep each other's drafts, and what one has sent the other does not bring back", async () => {
  const keep = memoryKeep();
  const [one, two] = [0, 1].map(() => createScene([talk(ann, [1, 2], [])], keep)) as [Scene, Scene];
  const [left, right] = [createDrafts(one.context), createDrafts(two.context)];
  left.set(ann, "for Ann");
  right.set(club, "for the club");
  expect(createDrafts(one.context).of(ann)).toBe("for Ann");
  left.set(ann, "");
  right.set(club, "for the whole club");
  const later = createDrafts(one.context);
  expect([later.of(ann), later.of(club)]).toEqual(["", "for the whole club"]);
});

test("a draft that was written without a connection goes to the server when there is one", async () => {
  const { fake, context, run } = createScene([talk(ann, [1, 2], [])]);
  const drafts = createDrafts(context);
  const { set } = fake;
  fake.set = async () => {
    throw new Error("away");
  };
  drafts.set(ann, "begun");
  run();
  await settle();
  fake.set = set;
  drafts.sync();
  await settle();
  expect(fake.calls).toEqual([["set", ann, { draft: "begun" }]]);
});
