import { expect, test } from "bun:test";
import { createClientIds } from "./client_id.ts";

const uuid7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

test("every id is a UUIDv7 of the current time, whatever the random bits", () => {
  for (const bits of [0, 0.5, 0.999_999_999]) {
    const next = createClientIds(
      () => 1_700_000_000_123,
      () => bits,
    );
    const id = next();
    expect(id).toMatch(uuid7);
    expect(Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16)).toBe(1_700_000_000_123);
  }
});

test("ids are unique and grow", () => {
  let now = 1_700_000_000_000;
  const next = createClientIds(() => (now += 1), Math.random);
  const ids = Array.from({ length: 1000 }, next);
  expect(new Set(ids).size).toBe(1000);
  expect([...ids].sort()).toEqual(ids);
});
