import { expect, test } from "bun:test";
import { memoryKeep } from "../testing/context.ts";
import { userId } from "../testing/scene.ts";
import { createArrival } from "./arrival.ts";

test("a link that was followed is there after a sign-up, until it is answered", () => {
  const keep = memoryKeep();
  createArrival(keep, { kind: "person", username: "ann" });
  const later = createArrival(keep, undefined);
  expect(later.link.value).toEqual({ kind: "person", username: "ann" });
  later.answered();
  expect([later.link.value, createArrival(keep, undefined).link.value]).toEqual([
    undefined,
    undefined,
  ]);
});

test("whoever has just signed up is shown around, once, also over a reload", () => {
  const keep = memoryKeep();
  const arrival = createArrival(keep, undefined);
  expect(arrival.isNew(userId(1))).toBe(false);
  arrival.greet(userId(1));
  const again = createArrival(keep, undefined);
  expect([again.isNew(userId(1)), again.isNew(userId(2))]).toEqual([true, false]);
  again.settled();
  expect(createArrival(keep, undefined).isNew(userId(1))).toBe(false);
});
