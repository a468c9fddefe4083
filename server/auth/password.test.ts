import { expect, test } from "bun:test";
import { createPasswords } from "./password.ts";

const clock = { now: () => performance.now() };
const cheap = { clock, memory_kib: 8, passes: 1 };

async function hashOf(password: string): Promise<string> {
  const hashed = await createPasswords(cheap).hash(password);
  if (!hashed.ok) throw new Error(hashed.refusal.code);
  return hashed.value;
}

test("[X2] a password is kept as an Argon2id hash of 19 MiB and two passes", async () => {
  const hashed = await createPasswords({ clock }).hash("correct horse");
  expect(hashed.ok && hashed.value).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
});

test("[X2] the right password verifies, any other does not", async () => {
  const passwords = createPasswords(cheap);
  const hash = await hashOf("correct horse");
  expect(await passwords.verify("correct horse", hash)).toEqual({ ok: true, value: true });
  expect(await passwords.verify("correct horsf", hash)).toEqual({ ok: true, value: false });
  expect(await passwords.verify("", hash)).toEqual({ ok: true, value: false });
  expect(await hashOf("correct horse")).not.toBe(hash);
});

test("[X2] a password is the same on a keyboard that sends its parts", async () => {
  const hash = await hashOf("비밀번호입니다".normalize("NFC"));
  const verified = await createPasswords(cheap).verify("비밀번호입니다".normalize("NFD"), hash);
  expect(verified).toEqual({ ok: true, value: true });
});

test("[X2] all 256 code points count", async () => {
  const long = "🙂".repeat(255);
  const hash = await hashOf(`${long}a`);
  const passwords = createPasswords(cheap);
  expect(await passwords.verify(`${long}a`, hash)).toEqual({ ok: true, value: true });
  expect(await passwords.verify(`${long}b`, hash)).toEqual({ ok: true, value: false });
});

test("[X1] without a user the answer is false, after the work of a real check", async () => {
  const passwords = createPasswords({ clock });
  const hashed = await passwords.hash("correct horse");
  const hash = hashed.ok ? hashed.value : "";
  await passwords.verify("correct horse", undefined);
  const [known = 0, unknown = 0] = await fastest([
    () => passwords.verify("wrong", hash),
    () => passwords.verify("wrong", undefined),
  ]);
  expect(await passwords.verify("correct horse", undefined)).toEqual({ ok: true, value: false });
  // No work at all would be a thousandth of it.
  expect(unknown).toBeGreaterThan(known / 3);
});

test("[X2] what waits beyond the bound is refused as busy, the rest gets its answer", async () => {
  const passwords = createPasswords({ ...cheap, running_max: 2, waiting_max: 3 });
  const hash = await hashOf("correct horse");
  const results = await Promise.all(
    Array.from({ length: 8 }, () => passwords.verify("correct horse", hash)),
  );
  for (const right of results.slice(0, 5)) expect(right).toEqual({ ok: true, value: true });
  for (const refused of results.slice(5)) {
    expect(refused).toMatchObject({ ok: false, refusal: { code: "busy" } });
  }
});

/** One after the other and again, so that whatever else the machine does slows all of them. */
async function fastest(works: readonly (() => Promise<unknown>)[]): Promise<number[]> {
  const least = works.map(() => Infinity);
  for (let i = 0; i < 5; i++) {
    for (const [at, work] of works.entries()) {
      const began = performance.now();
      await work();
      least[at] = Math.min(least[at] ?? Infinity, performance.now() - began);
    }
  }
  return least;
}
