import { describe, expect, test } from "bun:test";
import { checkAll } from "./check.ts";
import type { DeviceRecord, Evidence, Reading } from "./evidence.ts";
import { print } from "./finding.ts";
import { ann, bob, cho, dan, direct, group, truth } from "./scene.testing.ts";

/** The evidence with its read-only parts opened, so that a fault can be planted. */
type Open<T> =
  T extends ReadonlyMap<infer K, infer V>
    ? Map<K, Open<V>>
    : T extends string | number | boolean | undefined
      ? T
      : T extends readonly (infer E)[]
        ? Open<E>[]
        : { -readonly [K in keyof T]: Open<T[K]> };

/** The rules whose checks found something, with what they say. */
function breaches(plant: (evidence: Open<Evidence>) => void): Record<string, string[]> {
  const evidence = truth() as Open<Evidence>;
  plant(evidence);
  const failed = checkAll(evidence as unknown as Evidence).filter(
    ({ faults }) => faults.length > 0,
  );
  return Object.fromEntries(failed.map(({ rule, faults }) => [rule, [...faults]]));
}

function device(evidence: Open<Evidence>, name: string): Open<DeviceRecord> {
  const found = evidence.devices.find((other) => other.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function reading(evidence: Open<Evidence>, name: string): Open<Reading> {
  const found = evidence.readings.find((other) => other.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function some<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("the scene lacks what the test changes");
  return value;
}

/** Each plants one fault; the check of the rule must see it, whatever others see too. */
function caught(title: string, rule: string, plant: (evidence: Open<Evidence>) => void): void {
  test(title, () => {
    expect(Object.keys(breaches(plant))).toContain(rule);
  });
}

test("where all went well no check complains", () => {
  expect(breaches(() => {})).toEqual({});
});

test("a page that tells a join as left, because it was read after leaving, is no fault", () => {
  const later = (evidence: Open<Evidence>): void => {
    const { entries } = device(evidence, "Dan's phone");
    const joined = some(entries[0]);
    entries.splice(1, 0, { ...joined, type: "channel_left" });
  };
  expect(breaches(later)).toEqual({});
});

test("every check complains when there was nothing to look at", () => {
  const nothing = checkAll({
    ...truth(),
    sends: [],
    edits: [],
    groups: [],
    history: new Map(),
    bodies: new Map(),
    readings: [],
    devices: [],
    doors: [],
    absences: [],
    restless: [],
    log_outs: [],
  });
  expect(nothing.filter(({ faults }) => faults.length === 0)).toEqual([]);
});

test("a failed check prints its first breaches and how many more there are", () => {
  const faults = ["a", "b", "c", "d", "e", "f", "g"];
  const lines = print({ rule: "I1", title: "kept", counted: "7 sends", faults });
  expect(lines[0]).toBe("FAIL I1 kept: 7 sends");
  expect(lines.map((line) => line.trim()).slice(1)).toEqual([
    "a",
    "b",
    "c",
    "d",
    "e",
    "and 2 more",
  ]);
  expect(print({ rule: "I1", title: "kept", counted: "7 sends", faults: [] })).toEqual([
    "ok   I1 kept: 7 sends",
  ]);
});

describe("a planted fault in what was sent", () => {
  caught("[I1] an acknowledged message that is lost", "I1", ({ history }) => {
    some(history.get(group)).splice(1, 1);
  });
  caught("[I1] a message twice in the history", "I1", ({ history }) => {
    const messages = some(history.get(group));
    messages.push({ ...some(messages[1]), seq: 9 });
  });
  caught("[I1] an answer that names another place than the history", "I1", ({ sends }) => {
    some(some(sends[0]).sent).created_at = "2026-01-01T00:00:00.001Z";
  });
  caught("[I4] a retry that was answered with another seq", "I4", ({ sends }) => {
    const [first] = sends;
    some(first).answers.push({ ...some(some(first).answers[0]), seq: 9 });
  });
  caught("[I4] a retry that made a second message", "I4", ({ history }) => {
    const messages = some(history.get(group));
    messages.push({ ...some(messages[1]), seq: 9 });
  });
  caught("[I4] a send made again that was refused", "I4", ({ doors }) => {
    some(doors.find(({ rule }) => rule === "I4")).got = "not_member";
  });
  caught("[I5] two sends of one device in swapped order", "I5", ({ sends }) => {
    const own = sends.filter(
      ({ device, channel }) => device === "Bob's phone" && channel === group,
    );
    const [one, other] = [some(own[0]), some(own[1])];
    [one.order, other.order] = [other.order, one.order];
  });
  caught("[I8] a reply that stands before what its sender had seen", "I8", ({ sends }) => {
    some(sends.find(({ reply_to }) => reply_to !== undefined)).seen = 7;
  });
  caught("[I22] a refused message in the history", "I22", ({ sends, history }) => {
    const { client_id } = some(sends.find(({ refused }) => refused !== undefined));
    some(some(history.get(group))[1]).client_id = client_id;
  });
  caught("[I22] a send that was never answered", "I22", ({ sends }) => {
    delete some(sends[0]).sent;
  });
  caught("[I22] a refusal without a reason", "I22", ({ sends }) => {
    some(sends.find(({ refused }) => refused !== undefined)).user_id = ann;
  });
  caught("[I22] something over a limit that was accepted", "I22", ({ doors }) => {
    some(doors.find(({ rule }) => rule === "I22")).got = "201";
  });
});

describe("a planted fault in the order", () => {
  caught("[I6] a device that was told in another order", "I6", (evidence) => {
    some(device(evidence, "Ann's phone").applied.get(group)).reverse();
  });
  caught("[I6] a feed with two messages of a channel swapped", "I6", (evidence) => {
    const entries = reading(evidence, "Bob").feed.filter(({ type }) => type === "message");
    const [one, other] = [some(entries[1]), some(entries[2])];
    [one.seq, other.seq] = [some(other.seq), some(one.seq)];
  });
  caught("[I7] a gap in a history", "I7", ({ history }) => {
    some(history.get(direct)).shift();
  });
  caught("[I7] a gap in a feed", "I7", (evidence) => {
    reading(evidence, "Cho").feed.splice(2, 1);
  });
  caught("[I7] the end of a feed missing", "I7", (evidence) => {
    reading(evidence, "Cho").head++;
  });
  caught("[I7] a page with a hole", "I7", (evidence) => {
    some(reading(evidence, "Cho").pages.get(group)).splice(1, 1);
  });
});

describe("a planted fault in what was seen", () => {
  caught("[I3] a message that is not in the history", "I3", (evidence) => {
    const { seen } = device(evidence, "Ann's phone");
    seen.push({ ...some(seen[1]), seq: 77 });
  });
  caught("[I3] a text that nobody sent", "I3", (evidence) => {
    const [, second] = device(evidence, "Ann's phone").seen;
    some(second).body = "something else";
  });
  caught("[I3] a state newer than the history ever gets", "I3", (evidence) => {
    const [, second] = device(evidence, "Ann's phone").seen;
    some(second).rev = 5;
  });
  caught("[I3] two devices with different contents of one state", "I3", (evidence) => {
    const [, second] = device(evidence, "Ann's phone").seen;
    some(second).reactions = { "👍": [bob] };
  });
  caught("[I9] a body leaked to someone who had left", "I9", (evidence) => {
    const { seen } = device(evidence, "Ann's phone");
    device(evidence, "Dan's phone").seen.push(some(seen.find(({ seq }) => seq === 7)));
  });
  caught("[I9] a body from before the join", "I9", (evidence) => {
    const { seen } = device(evidence, "Ann's phone");
    device(evidence, "Cho's phone").seen.push(some(seen.find(({ seq }) => seq === 2)));
  });
  caught("[I9] an edit of an old message shown after leaving", "I9", (evidence) => {
    some(evidence.edits[0]).head = 7;
  });
  caught("[I9] a store that still holds the channel after leaving", "I9", (evidence) => {
    device(evidence, "Dan's phone").channels = device(evidence, "Ann's phone").channels;
  });
  caught("[I9] a store that holds a message from before the join", "I9", (evidence) => {
    const { messages } = device(evidence, "Cho's phone");
    const older = some(device(evidence, "Ann's phone").messages.get(group))[1];
    messages.set(group, [some(older), ...some(messages.get(group))]);
  });
  caught("[I9] typing told to someone who was never in the channel", "I9", (evidence) => {
    device(evidence, "Cho's phone").whispers.push(direct);
  });
  caught("[I9] a message by somebody who was no member at its place", "I9", ({ history }) => {
    some(some(history.get(group))[6]).sender_id = dan;
  });
  caught("[I9] a member whom nobody added", "I9", (evidence) => {
    some(evidence.groups[0]).changes.pop();
  });
  caught("[I9] an open door", "I9", ({ doors }) => {
    some(doors.find(({ rule }) => rule === "I9")).got = "201";
  });
});

describe("a planted fault in what changed", () => {
  caught("[I16] a deleted message that is told with its text", "I16", (evidence) => {
    const { seen } = device(evidence, "Ann's phone");
    some(seen.find(({ deleted_at }) => deleted_at !== undefined)).body = "gone";
  });
  caught("[I16] a deleted message in the history with its reactions", "I16", ({ history }) => {
    some(some(history.get(group))[7]).reactions = { "👍": [ann] };
  });
  caught("[I16] an old state that is left in a store", "I16", (evidence) => {
    some(some(device(evidence, "Bob's phone").messages.get(group))[2]).rev = 1;
  });
});

describe("a planted fault in feeds, texts and counts", () => {
  caught("[I10] a member whose feed lacks a message", "I10", (evidence) => {
    const { feed } = reading(evidence, "Ann");
    some(feed.find(({ seq }) => seq === 5)).type = "read";
  });
  caught("[I10] a feed row for someone who is not a member", "I10", (evidence) => {
    reading(evidence, "Dan").feed.push({ pos: 9, type: "message", channel: group, seq: 8 });
  });
  caught("[I11] one character of a hundred thousand", "I11", ({ bodies }) => {
    const body = some(bodies.get(`${group}/7`));
    bodies.set(`${group}/7`, `${body.slice(0, 70_000)}각${body.slice(70_001)}`);
  });
  caught("[I11] a device that holds another text", "I11", (evidence) => {
    some(some(device(evidence, "Bob's phone").messages.get(direct))[0]).body = "Hi";
  });
  caught("[I15] a wrong unread count on one device", "I15", (evidence) => {
    some(device(evidence, "Ann's phone").channels[0]).unread++;
  });
  caught("[I15] a wrong count that all devices agree on", "I15", (evidence) => {
    for (const { user_id, channels } of [...evidence.devices, ...evidence.readings])
      if (user_id === cho) some(channels[0]).unread++;
  });
  caught("[I15] a mention that is not counted", "I15", (evidence) => {
    for (const { user_id, channels } of [...evidence.devices, ...evidence.readings])
      if (user_id === ann) some(channels[0]).unread_mentions = 0;
  });
  caught("[I17] a device still connected after its log-out", "I17", ({ log_outs }) => {
    some(log_outs[0]).ms = 1500;
  });
  caught("[I19] a message through a block", "I19", ({ doors }) => {
    some(doors.find(({ rule }) => rule === "I19")).got = "201";
  });
});

describe("a planted fault in a device", () => {
  caught("[I2] a message missing in a store", "I2", (evidence) => {
    some(device(evidence, "Ann's phone").messages.get(group)).pop();
  });
  caught("[I2] an old state in a store", "I2", (evidence) => {
    const [, , third] = some(device(evidence, "Ann's phone").messages.get(group));
    some(third).rev = 1;
  });
  caught("[I2] a setting that did not arrive", "I2", (evidence) => {
    some(device(evidence, "Ann's phone").channels[0]).draft = "unsent";
  });
  caught("[I2] a device behind the head", "I2", (evidence) => {
    device(evidence, "Ann's phone").pos--;
  });
  caught("[I2] a device that never came to rest", "I2", ({ restless }) => {
    restless.push("Ann's phone: 1 messages not sent");
  });
  caught("[I2] a channel missing in a store", "I2", (evidence) => {
    device(evidence, "Bob's phone").channels.pop();
  });
  caught("[I2] a fresh device that differs from what HTTP says", "I2", (evidence) => {
    for (const other of evidence.devices)
      if (other.user_id === ann) some(other.messages.get(group)).pop();
  });
  caught("[I12] a page with a hole", "I12", (evidence) => {
    some(device(evidence, "Ann's phone").pages[0]).poses.splice(1, 1);
  });
  caught("[I12] a page that ends early and says it is all", "I12", (evidence) => {
    some(device(evidence, "Ann's phone").pages[0]).poses.pop();
  });
  caught("[I12] an entry that was never told", "I12", (evidence) => {
    device(evidence, "Dan's phone").entries.splice(2, 1);
  });
  caught("[I12] a device that was not away for long enough", "I12", ({ absences }) => {
    some(absences[0]).messages = 3;
  });
  caught("[I12] a device that learned of less than it missed", "I12", (evidence) => {
    device(evidence, "Ann's phone").pages = [];
  });
  caught("[I12] an entry told as another", "I12", (evidence) => {
    some(device(evidence, "Dan's phone").entries[2]).seq = 1;
  });
});
