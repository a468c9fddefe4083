import { describe, expect, test } from "bun:test";
import { memoryAccounts } from "@damso/contracts/fakes/accounts";
import { code, HOME, openScene, PASSWORD } from "./scene.testing.ts";

const amy = { username: "amy", password: PASSWORD, name: "Amy" };

describe("what is no username", () => {
  const impossible = [
    "",
    "a",
    "am y",
    "amy\0",
    "Ämy",
    "id:1000000000000000001",
    "x".repeat(33),
    "x".repeat(2_000_000),
  ];

  test("[X1] is refused like a wrong password, with a hash computed and without asking the store", async () => {
    const accounts = memoryAccounts();
    const byUsername = () => Promise.reject(new Error("asked the store"));
    const scene = openScene({
      accounts: { ...accounts, credentials: { ...accounts.credentials, byUsername } },
    });
    for (const username of impossible) {
      expect(await code(scene.auth.logIn({ username, password: PASSWORD }, HOME))).toBe(
        "wrong_credentials",
      );
    }
    expect(scene.hashed.verified).toBe(impossible.length);
  });

  test("[I20] [X1] leaves nothing behind but a guess of its address", async () => {
    const scene = openScene({ rate_limits: true });
    for (const username of impossible) await scene.auth.logIn({ ...amy, username }, HOME);
    expect([scene.limits.accounts.size, scene.limits.addresses.size]).toEqual([0, 1]);
    await scene.auth.logIn({ ...amy, username: "Amy" }, HOME);
    expect(scene.limits.accounts.size).toBe(1);
  });
});
