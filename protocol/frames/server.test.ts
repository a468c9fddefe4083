import { expect, test } from "bun:test";
import * as v from "valibot";
import { LIMITS } from "../limits.ts";
import { CLIENT_FRAMES, OwnSettingsEntries } from "./client.ts";
import { AnyEventSchema, EVENTS } from "./events.ts";
import { EPHEMERAL, EventsEntries, REPLIES } from "./server.ts";

const ann = "1456074443980800001";
const bob = "1456074443980800002";
const channel = `d${ann}.${bob}`;
const counts = { unread: 1, unread_mentions: 0 };
const read = { type: "read", pos: 4, channel, seq: 2, ...counts };
const welcome = {
  type: "welcome",
  id: 1,
  user_id: ann,
  device_id: bob,
  session_id: bob,
  feed: { id: "f1", head: 4 },
  events: [read],
  more: false,
  heartbeat_ms: LIMITS.heartbeat_ms,
  limits: LIMITS,
};
const schemasOf = (...tables: Record<string, v.GenericSchema>[]): [string, v.GenericSchema][] =>
  tables.flatMap((table) => Object.entries(table));
const hasPos = (schema: unknown): boolean => "pos" in (schema as { entries: object }).entries;

test("[P13] every feed event has a pos from 1", () => {
  for (const [, schema] of schemasOf(EVENTS)) expect(hasPos(schema)).toBe(true);
  expect(v.parse(AnyEventSchema, read)).toEqual(read as never);
  expect(v.is(AnyEventSchema, { ...read, pos: 0 })).toBe(false);
});

test("[P13] the events that change what is unread carry the new counts", () => {
  const counting = Object.entries(EVENTS)
    .filter(([, schema]) => "unread" in schema.entries && "unread_mentions" in schema.entries)
    .map(([type]) => type);
  expect(counting).toEqual([
    "message",
    "message_updated",
    "message_hidden",
    "read",
    "channel_settings",
  ]);
});

test("[P14] no ephemeral frame has a place in the feed", () => {
  const placed = Object.keys(EPHEMERAL).filter((type) => Object.hasOwn(EVENTS, type));
  expect(placed).toEqual([]);
  for (const [type, schema] of schemasOf(EPHEMERAL)) expect(hasPos(schema)).toBe(type === "head");
});

test("[P14] a receipt says what moved and may say both", () => {
  for (const marks of [{ read: 1 }, { delivered: 2 }, { read: 1, delivered: 2 }]) {
    const receipt = { type: "receipt", channel, user_id: ann, ...marks };
    expect(v.parse(EPHEMERAL.receipt, receipt)).toEqual(receipt as never);
  }
});

test("[P15] hello resumes from a cursor, welcome answers with the first page", () => {
  const hello = { type: "hello", id: 1, token: "t", feed: { id: "f1", pos: 3 }, active: true };
  expect(v.parse(CLIENT_FRAMES.hello, hello)).toEqual(hello as never);
  expect(v.parse(REPLIES.welcome, welcome)).toEqual(welcome as never);
  expect([LIMITS.hello_timeout_ms, LIMITS.hello_bytes_max]).toEqual([5000, 4096]);
});

test("[P15] a cursor that the feed cannot serve is answered with reset and the head", () => {
  const reset = { feed: { id: "f2", head: 9 }, events: [], more: false, reset: true };
  expect(v.parse(v.object(EventsEntries), reset)).toEqual(reset as never);
});

test("[P16] history starts at one position at most", () => {
  const ask = (page: object): boolean =>
    v.is(CLIENT_FRAMES.history, { type: "history", id: 1, channel, ...page });
  for (const page of [{}, { before: 5 }, { after: 0 }, { around: 5 }, { limit: 200 }]) {
    expect(ask(page)).toBe(true);
  }
  for (const page of [
    { before: 5, after: 1 },
    { after: 1, around: 2 },
    { before: 1, after: 1, around: 1 },
    { limit: 201 },
    { limit: 0 },
    { before: 0 },
  ]) {
    expect(ask(page)).toBe(false);
  }
});

test("[P17] in set, null clears every field and absence leaves it", () => {
  const fields = Object.keys(OwnSettingsEntries);
  const cleared = Object.fromEntries(fields.map((field) => [field, null]));
  const frame = { type: "set", id: 1, channel, ...cleared };
  expect(v.parse(CLIENT_FRAMES.set, frame)).toEqual(frame as never);
  expect(Object.keys(v.parse(CLIENT_FRAMES.set, { type: "set", id: 1, channel }))).toEqual([
    "type",
    "id",
    "channel",
  ]);
  const event = { type: "channel_settings", pos: 1, channel, ...cleared, ...counts };
  expect(v.parse(EVENTS.channel_settings, event)).toEqual(event as never);
});

test("[P20] the limits of the protocol are those that clients are told", () => {
  expect(v.parse(REPLIES.welcome, welcome).limits).toEqual({ ...LIMITS });
  expect(LIMITS).toMatchObject({
    body_code_points_max: 100_000,
    group_members_max: 100,
    frame_bytes_max: 2_097_152,
    username_min: 3,
    username_max: 32,
    password_min: 8,
    password_max: 256,
    name_code_points_max: 64,
    draft_bytes_max: 4096,
    devices_max: 30,
    sends_burst: 60,
    sends_per_second: 20,
    requests_burst: 300,
    requests_per_second: 50,
  });
});

test("[P20] the longest body fits into a frame, even with every unit escaped", () => {
  const escaped = "\\ud83d\\ude00".repeat(LIMITS.body_code_points_max);
  expect(JSON.parse(`"${escaped}"`)).toHaveLength(2 * LIMITS.body_code_points_max);
  expect(escaped.length).toBeLessThan(LIMITS.frame_bytes_max);
});
