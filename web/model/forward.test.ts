import { expect, test } from "bun:test";
import { DamsoError } from "@damso/sdk";
import { createScene } from "../testing/context.ts";
import { direct, groupId, talk, userId } from "../testing/scene.ts";
import { forward } from "./forward.ts";
import { readersOf } from "./readers.ts";
import { createReporting } from "./report.ts";

const [ann, sam, club] = [direct(2), direct(3), groupId(1)];

test("messages are passed on whole and in order, to each chat", async () => {
  const { fake, context } = createScene([
    talk(
      ann,
      [1, 2],
      [
        [2, 3, "first"],
        [2, 2, "second"],
      ],
    ),
    talk(sam, [1, 3], []),
    talk(club, [1, 2, 3], []),
  ]);
  const { report } = createReporting(context);
  const { messages } = fake.messages(ann);
  expect(await forward(context, report, messages, [sam, club])).toBe(true);
  const sent = fake.calls.filter(([name]) => name === "sendSoon").map(([, id, body]) => [id, body]);
  expect(sent).toEqual([
    [sam, "first"],
    [sam, "second"],
    [club, "first"],
    [club, "second"],
  ]);
});

test("nothing is passed on when a text cannot be fetched", async () => {
  const { fake, context } = createScene([talk(ann, [1, 2], [[2, 3, "first"]])]);
  const { report, notice } = createReporting(context);
  fake.body = async () => {
    throw new DamsoError("disconnected");
  };
  expect(await forward(context, report, fake.messages(ann).messages, [ann])).toBe(false);
  expect(notice.value).toBe("The server does not answer.");
  expect(fake.calls).toEqual([]);
});

test("who has read a message, who has it, and who has not", () => {
  const { fake, context } = createScene([talk(club, [1, 2, 3, 4, 5], [[1, 3, "hello"]])]);
  fake.mark(club, userId(2), { read: 1, delivered: 1 });
  fake.mark(club, userId(3), { read: 0, delivered: 1 });
  fake.mark(club, userId(4), { read: 0, delivered: 0 });
  const [message] = fake.messages(club).messages;
  expect(message && readersOf(context, message)).toEqual({
    read: [userId(2)],
    delivered: [userId(3)],
    waiting: [userId(4), userId(5)],
  });
});
