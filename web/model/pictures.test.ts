import { expect, test } from "bun:test";
import type { Attachment, Message } from "@damso/sdk";
import { direct, message, userId } from "../testing/scene.ts";
import { toItems } from "./items.ts";
import { pictureKey, picturesIn } from "./pictures.ts";

const id = direct(2);
const file = (name: string, kind: Attachment["kind"] = "image"): Attachment => ({
  id: `id of ${name}`,
  kind,
  name,
  content_type: "image/png",
  bytes: 1,
});

function itemsOf(messages: readonly Message[]): ReturnType<typeof toItems> {
  const marks = { read: 0, delivered: 0 };
  return toItems({ me: userId(1), messages, pending: [], marks, unread_from: undefined });
}

test("the pictures of a chat stand in the order of their messages, with who sent them", () => {
  const sent = { ...message(id, 1, [2, 9, "two"]), attachments: [file("a"), file("b")] };
  const note = { ...message(id, 2, [1, 8, "a note"]), attachments: [file("c", "file")] };
  const own = { ...message(id, 3, [1, 7, ""]), attachments: [file("d")] };
  const gone = {
    ...message(id, 4, [2, 6, ""]),
    attachments: [file("e")],
    deleted_at: sent.created_at,
  };
  const pictures = picturesIn(itemsOf([sent, note, own, gone]));
  expect(pictures.map(({ image, own: mine }) => [image.name, mine])).toEqual([
    ["a", false],
    ["b", false],
    ["d", true],
  ]);
  expect(pictures[0]).toMatchObject({ sender_id: userId(2), at: sent.created_at });
});

test("a file that was passed on is another picture", () => {
  const messages = [1, 2].map((seq) => ({
    ...message(id, seq, [2, 5, ""]),
    attachments: [file("a")],
  }));
  const keys = picturesIn(itemsOf(messages)).map(({ key }) => key);
  expect(new Set(keys).size).toBe(2);
  expect(keys).toContain(pictureKey(messages[1]?.client_id ?? "", file("a")));
});
