import { expect, test } from "bun:test";
import { DamsoError } from "@damso/sdk";
import type { Profile, UserId } from "@damso/sdk";
import { computed, effect } from "@preact/signals";
import { bothWords, memoryKeep, settle } from "../testing/context.ts";
import { createFake } from "../testing/fake-client.ts";
import { talk, direct, userId } from "../testing/scene.ts";
import { createSpeech } from "./language.ts";
import type { People } from "./people.ts";
import { createPeople } from "./people.ts";

const profile = (user_id: UserId, more: Partial<Profile> = {}): Profile => ({
  user_id,
  username: "u",
  name: `name of ${user_id.slice(-1)}`,
  ...more,
});

type Asked = { people: People; asked: UserId[]; answer: () => void };

/** Questions wait until the test answers them. */
function open(keep = memoryKeep()): Asked {
  const fake = createFake([talk(direct(2), [1, 2], [])]);
  const asked: UserId[] = [];
  let waiting: (() => void)[] = [];
  fake.users.get = (user_id) => {
    asked.push(user_id);
    return new Promise((resolve, reject) => {
      waiting.push(() =>
        user_id === userId(9) ? reject(new DamsoError("timeout")) : resolve(profile(user_id)),
      );
    });
  };
  const answer = (): void => {
    const now = waiting;
    waiting = [];
    for (const one of now) one();
  };
  return {
    people: createPeople(fake, createSpeech(["en"], memoryKeep(), bothWords), keep, "p"),
    asked,
    answer,
  };
}

test("a name is asked for once, and drawn when it is known", async () => {
  const { people, asked, answer } = open();
  const drawn: string[] = [];
  const name = computed(() => people.nameOf(userId(2)));
  effect(() => void drawn.push(name.value));
  people.nameOf(userId(2));
  answer();
  await settle();
  expect(drawn).toEqual(["Somebody", "name of 2"]);
  expect(asked).toEqual([userId(2)]);
});

test("a hundred members are asked for a few at a time", async () => {
  const { people, asked, answer } = open();
  for (let number = 10; number < 40; number += 1) people.nameOf(userId(number));
  expect(asked.length).toBe(6);
  answer();
  await settle();
  expect(asked.length).toBe(12);
});

test("a failed question is asked again when the name is next needed", async () => {
  const { people, asked, answer } = open();
  people.nameOf(userId(9));
  answer();
  await settle();
  people.nameOf(userId(9));
  expect(asked).toEqual([userId(9), userId(9)]);
});

test("names are kept for the next start", async () => {
  const keep = memoryKeep();
  const first = open(keep);
  first.people.learn([profile(userId(2)), profile(userId(3), { deleted: true })]);
  const { people, asked } = open(keep);
  expect(people.nameOf(userId(2))).toBe("name of 2");
  expect(people.nameOf(userId(3))).toBe("Deleted account");
  expect(asked).toEqual([]);
});

test("who is known from an earlier start is shown at once, and asked for anew once", async () => {
  const keep = memoryKeep();
  const first = open(keep);
  first.people.learn([profile(userId(2), { name: "old" })]);
  const { people, asked, answer } = open(keep);
  expect(people.nameOf(userId(2))).toBe("old");
  expect(asked).toEqual([]);
  people.renew([userId(2), userId(3), userId(2)]);
  people.renew([userId(2)]);
  expect(asked).toEqual([userId(2)]);
  answer();
  await settle();
  expect(people.nameOf(userId(2))).toBe("name of 2");
});

test("a name that was not known without a connection is drawn when it comes, and asked for with the next one", async () => {
  const { people, asked, answer } = open();
  const drawn: string[] = [];
  effect(() => void drawn.push(people.nameOf(userId(9))));
  answer();
  await settle();
  people.renew([]);
  expect(asked).toEqual([userId(9), userId(9)]);
  people.learn([profile(userId(9))]);
  expect(drawn).toEqual(["Somebody", "name of 9"]);
});

test("a name turns nothing around it the other way", async () => {
  const { people } = open();
  people.learn([
    profile(userId(2), { name: "Ann\u202E\u2067" }),
    profile(userId(3), { name: "دانا" }),
  ]);
  expect([people.nameOf(userId(2)), people.nameOf(userId(3))]).toEqual(["Ann", "دانا"]);
});
