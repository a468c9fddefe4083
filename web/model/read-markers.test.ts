import { expect, test } from "bun:test";
import type { Topic } from "@damso/sdk";
import { memoryKeep } from "../testing/context.ts";
import type { Fake } from "../testing/fake-client.ts";
import { createFake } from "../testing/fake-client.ts";
import type { Talk } from "../testing/scene.ts";
import { direct, talk } from "../testing/scene.ts";
import type { Keep } from "./keep.ts";
import { keepMarkers } from "./read-markers.ts";

const unread = (): Talk =>
  talk(
    direct(2),
    [1, 2],
    [
      [2, 5, "hello"],
      [2, 4, "are you there?"],
    ],
    { read: 0, unread: 2 },
  );

/** What a client tells the server by itself once its store is read. */
function told(client: Fake, keep: Keep): unknown[] {
  const calls: unknown[] = [];
  client.read = (...given) => void calls.push(given);
  let tell: (topic: Topic) => void = () => {};
  client.subscribe = (listener) => {
    tell = listener;
    return () => {};
  };
  keepMarkers(client, keep);
  tell("channels");
  return calls;
}

test("a marker that the server has not heard of is told again after a reload", () => {
  const keep = memoryKeep();
  const before = createFake([unread()]);
  keepMarkers(before, keep).read(direct(2), 2);
  expect(told(createFake([unread()]), keep)).toEqual([[direct(2), 2]]);
});

test("one that it has heard of is not, and is forgotten", () => {
  const keep = memoryKeep();
  const before = createFake([unread()]);
  keepMarkers(before, keep).read(direct(2), 2);
  const read = talk(
    direct(2),
    [1, 2],
    [
      [2, 5, "hello"],
      [2, 4, "you?"],
    ],
    { read: 2 },
  );
  expect(told(createFake([read]), keep)).toEqual([]);
  expect(keep.get(`damso.read.${before.user_id}`)).toBe("{}");
});
