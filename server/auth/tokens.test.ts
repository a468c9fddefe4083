import { expect, test } from "bun:test";
import type { Session } from "@damso/core/ports/account-records";
import type { DeviceId, SessionId, UserId } from "@damso/protocol/ids";
import { SignJWT } from "jose";
import { ACCESS_SECONDS, createAccessTokens } from "./tokens.ts";

const START = 1_790_000_000_123;
const keys = { kid: "k1", signing: new Uint8Array(32).fill(7) };
const session: Session = {
  session_id: "1000000000000000003" as SessionId,
  device_id: "1000000000000000002" as DeviceId,
  user_id: "1000000000000000001" as UserId,
  device_name: "phone",
  time_zone: null,
  created_at: START,
  last_used_at: START,
  generation: 4,
  confirmed: false,
};
const refused = { ok: false, refusal: { code: "unauthenticated" } };

function at(now: number) {
  const clock = { time: now, now: () => clock.time };
  return { clock, tokens: createAccessTokens(keys, clock) };
}

/** A token signed with the right key but not made by the server. */
async function forged(claims: object, header: object = {}): Promise<string> {
  const base = { did: session.device_id, sid: session.session_id, gen: 4 };
  const payload = { iss: "damso", sub: session.user_id, exp: START / 1000 + 60, ...base };
  return await new SignJWT({ ...payload, ...claims })
    .setProtectedHeader({ alg: "HS256", kid: "k1", ...header })
    .sign(keys.signing);
}

test("[X3] a token says who, which device and which session, for 15 minutes", async () => {
  const { clock, tokens } = at(START);
  const token = await tokens.make(session);
  const { user_id, device_id, session_id } = session;
  const expires_at = (Math.floor(START / 1000) + ACCESS_SECONDS) * 1000;
  const claims = { user_id, device_id, session_id, generation: 4, expires_at };
  expect(await tokens.check(token)).toEqual({ ok: true, value: claims });
  clock.time = expires_at - 1;
  expect(await tokens.check(token)).toEqual({ ok: true, value: claims });
  expect(await at(clock.time).tokens.check(token)).toEqual({ ok: true, value: claims });
  clock.time = expires_at;
  expect(await tokens.check(token)).toMatchObject(refused);
  expect(await at(clock.time).tokens.check(token)).toMatchObject(refused);
});

test("[X3] a token of another key, issuer, kind or shape is none", async () => {
  const { clock, tokens } = at(START);
  const good = await tokens.make(session);
  const other = createAccessTokens({ kid: "k1", signing: new Uint8Array(32).fill(8) }, clock);
  const renamed = createAccessTokens({ ...keys, kid: "k2" }, clock);
  const [header = "", body = "", signature = ""] = good.split(".");
  const none = Buffer.from('{"alg":"none"}').toString("base64url");
  const bad = [
    "",
    "x",
    "a.b.c",
    `${header}.${body}`,
    `${header}.${body}.`,
    `${none}.${body}.`,
    `${header}.${body}.${signature.slice(0, -2)}AA`,
    `${header}.${Buffer.from('{"sub":"1"}').toString("base64url")}.${signature}`,
    "x".repeat(100_000),
    await other.make(session),
    await renamed.make(session),
    await forged({ iss: "someone" }),
    await forged({ sub: "not a user" }),
    await forged({ sub: undefined }),
    await forged({ did: 5 }),
    await forged({ sid: null }),
    await forged({ gen: "4" }),
    await forged({ exp: undefined }),
    await forged({ exp: 1 }),
    await forged({}, { kid: undefined }),
  ];
  for (const token of bad) expect(await tokens.check(token)).toMatchObject(refused);
  expect(await tokens.check(await forged({}))).toMatchObject({ ok: true });
  expect(await tokens.check(good)).toMatchObject({ ok: true });
});

test("[I20] more tokens than are remembered still check", async () => {
  const tokens = createAccessTokens(keys, { now: () => START }, 50);
  const first = await tokens.make(session);
  await tokens.check(first);
  for (let i = 0; i < 200; i++) {
    const token = await tokens.make({ ...session, generation: i });
    expect(await tokens.check(token)).toMatchObject({ ok: true, value: { generation: i } });
  }
  expect(await tokens.check(first)).toMatchObject({ ok: true, value: { generation: 4 } });
});
