import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import vectors from "../spec/vectors/ids.json";
import uuids from "../spec/vectors/uuidv7.json";
import {
  directChannel,
  directMembers,
  isChannelId,
  isClientId,
  isSnowflake,
  uuidTime,
  uuidV7,
} from "./ids.ts";
import type { ClientId, UserId } from "./ids.ts";

const fromHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const userId = fc
  .bigInt({ min: 10n ** 18n, max: 2n ** 63n - 1n })
  .map((id) => id.toString() as UserId);

function check(title: string, is: (text: string) => boolean, sets: Record<string, string[]>): void {
  test.each(sets["valid"] ?? [])(`${title}: %j is one`, (text) => {
    expect(is(text)).toBe(true);
  });
  test.each(sets["invalid"] ?? [])(`${title}: %j is none`, (text) => {
    expect(is(text)).toBe(false);
  });
}

describe("vectors", () => {
  check("[P3] a Snowflake", isSnowflake, vectors.snowflake);
  check("[P3] a client id", isClientId, vectors.client_id);
  check("[P4] a channel id", isChannelId, vectors.channel_id);

  test.each(vectors.direct_channel)("[P4] two users share one channel: %j", (row) => {
    const [a, b] = row.users as [UserId, UserId];
    expect<string>(directChannel(a, b)).toBe(row.channel);
  });
  test.each(uuids.cases)("[P3] a UUIDv7 is made of its time and random bytes: %j", (row) => {
    const time = Date.parse(row.time);
    const id = uuidV7(time, fromHex(row.random));
    expect<string>(id).toBe(row.id);
    expect(uuidTime(row.id as ClientId)).toBe(time);
  });
});

test("[P4] a direct channel names its users, whichever side asks", () => {
  fc.assert(
    fc.property(userId, userId, (a, b) => {
      const channel = directChannel(a, b);
      expect(isChannelId(channel)).toBe(true);
      expect(channel).toBe(directChannel(b, a));
      expect(new Set(directMembers(channel))).toEqual(new Set([a, b]));
    }),
  );
});

test("[P3] every UUIDv7 that we make is one and keeps its time", () => {
  const time = fc.integer({ min: 0, max: 2 ** 48 - 1 });
  const random = fc.uint8Array({ minLength: 10, maxLength: 10 });
  fc.assert(
    fc.property(time, random, (now, bytes) => {
      const id = uuidV7(now, bytes);
      expect(isClientId(id)).toBe(true);
      expect(uuidTime(id)).toBe(now);
    }),
  );
});

test("[P3] no text makes the checks throw", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      expect([isSnowflake(text), isClientId(text), isChannelId(text)]).toEqual([
        false,
        false,
        false,
      ]);
    }),
  );
});
