import { expect, test } from "bun:test";
import { CLOSE, CLOSE_FINAL, CODES, isErrorCode, refusal } from "./codes.ts";
import type { ErrorCode } from "./codes.ts";

const codes = Object.keys(CODES) as ErrorCode[];

test("[P21] unavailable is the only code that leaves the outcome open", () => {
  expect(codes.filter((code) => CODES[code].outcome === "unknown")).toEqual(["unavailable"]);
});

test("[P21] a client repeats only what may succeed as it stands", () => {
  const repeated = codes.filter((code) => CODES[code].retry);
  expect(repeated).toEqual(["rate_limited", "busy", "unavailable"]);
});

test("[P21] every code has a status of its kind and a meaning", () => {
  for (const code of codes) {
    const { status, retry, meaning } = CODES[code];
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status === 429 || status === 503).toBe(retry);
    expect(meaning).not.toBe("");
  }
});

test("[P21] a refusal says the code, a meaning, and when to repeat", () => {
  expect(refusal("busy", undefined, 250)).toEqual({
    code: "busy",
    message: CODES.busy.meaning,
    retry_after_ms: 250,
  });
  expect(refusal("not_member", "left at 7")).toEqual({ code: "not_member", message: "left at 7" });
});

test("[P21] names of the language are no codes", () => {
  expect(["busy", "toString", "__proto__", ""].map(isErrorCode)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test("[P12] the close codes are distinct, and two of them are final", () => {
  const values: number[] = Object.values(CLOSE);
  expect(new Set(values).size).toBe(values.length);
  expect(CLOSE_FINAL).toEqual([4001, 4009]);
  expect(CLOSE).toEqual({
    going_away: 4000,
    session_revoked: 4001,
    bad_hello: 4002,
    protocol_error: 4003,
    slow_consumer: 4008,
    replaced: 4009,
    rate_limited: 4029,
    too_large: 1009,
  });
});
