import { expect, test } from "bun:test";
import { importJWK, jwtVerify } from "jose";
import { createVapid, deriveVapid } from "./vapid.ts";

const secret = new Uint8Array(32).fill(5);
const HOUR_MS = 3_600_000;

test("[N2] the key is a function of the server's secret", () => {
  const { public_key } = deriveVapid(secret);
  expect(Buffer.from(public_key, "base64url")).toHaveLength(65);
  expect(deriveVapid(secret).public_key).toBe(public_key);
  expect(deriveVapid(new Uint8Array(32).fill(6)).public_key).not.toBe(public_key);
});

test("[N2] others can check the token: for the origin, at most a day, from whom", async () => {
  let now = 1_800_000_000_000;
  const vapid = createVapid(deriveVapid(secret), {
    subject: "mailto:ops@chat.example",
    now: () => now,
  });
  const header = vapid.authorization("https://push.example/a/b?c");
  const [, token = "", key = ""] = /^vapid t=([^,]+), k=(\S+)$/.exec(header) ?? [];
  const point = Buffer.from(key, "base64url");
  const half = (from: number): string => point.subarray(from, from + 32).toString("base64url");
  const jwk = await importJWK({ kty: "EC", crv: "P-256", x: half(1), y: half(33) }, "ES256");
  const { payload } = await jwtVerify(token, jwk, {
    audience: "https://push.example",
    subject: "mailto:ops@chat.example",
    currentDate: new Date(now),
  });
  expect((payload.exp ?? 0) * 1000 - now).toBeLessThanOrEqual(24 * HOUR_MS);
  expect(vapid.authorization("https://push.example/other")).toBe(header);
  expect(vapid.authorization("https://other.example/a")).not.toBe(header);
  now += 11.6 * HOUR_MS;
  const later = vapid.authorization("https://push.example/a");
  expect(later).not.toBe(header);
  now -= 100 * HOUR_MS;
  expect(vapid.authorization("https://push.example/a")).not.toBe(later);
});
