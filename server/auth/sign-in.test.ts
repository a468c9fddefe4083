import { describe, expect, test } from "bun:test";
import { memoryAccounts } from "@damso/contracts/fakes/accounts";
import type { AccountsFailure } from "@damso/core/ports/accounts";
import { code, HOME, openScene, PASSWORD, value } from "./scene.testing.ts";

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

describe("a store that is busy now and then", () => {
  const busy = async (): Promise<never> => {
    throw Object.assign(new Error("full"), { code: "busy" } satisfies Pick<
      AccountsFailure,
      "code"
    >);
  };

  test("[P21] a sign-up that is told `busy` made nothing, and is not in its own way", async () => {
    const accounts = memoryAccounts();
    const create = accounts.users.create;
    const scene = openScene({ accounts });
    accounts.users.create = busy;
    expect(await code(scene.auth.signUp(amy, HOME))).toBe("busy");
    accounts.users.create = create;
    // Whatever follows the account could be busy: so nothing follows it.
    accounts.sessions.create = busy;
    const { user_id, session_id, access_token } = await value(scene.auth.signUp(amy, HOME));
    expect(await value(scene.auth.authenticate(access_token))).toMatchObject({ user_id });
    expect(await accounts.sessions.list(user_id)).toMatchObject([{ session_id, generation: 1 }]);
  });
});
