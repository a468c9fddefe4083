import { describe, expect, test } from "bun:test";
import { rejection } from "@damso/contracts/rejection";
import { memoryAccounts } from "@damso/contracts/fakes/accounts";
import type { AccountsFailure } from "@damso/core/ports/accounts";
import type { DeviceId } from "@damso/protocol/ids";
import type { ApiDeps } from "../api/deps.ts";
import { code, HOME, openScene, PASSWORD, value } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

const amy = { username: "amy", password: PASSWORD, name: "Amy" };
const signUp = (scene: Scene) => value(scene.auth.signUp(amy, HOME));
const logIn = (scene: Scene) => value(scene.auth.logIn(amy, HOME));

test("what the API asks for is what there is", () => {
  const { auth } = openScene();
  const asked: ApiDeps["auth"] = auth;
  expect(Object.keys(asked)).toContain("refresh");
});

describe("sign-up", () => {
  test("[X5] makes an account and its first session", async () => {
    const scene = openScene();
    const granted = await value(scene.auth.signUp({ ...amy, device_name: "Amy's phone" }, HOME));
    const { user_id, device_id, session_id } = granted;
    expect(granted.expires_in).toBe(900);
    expect(await value(scene.auth.authenticate(granted.access_token))).toEqual({
      user_id,
      device_id,
      session_id,
    });
    expect(await value(scene.auth.listDevices(user_id))).toMatchObject([
      { device_id, device_name: "Amy's phone" },
    ]);
    expect(await scene.accounts.users.byUsername("amy")).toMatchObject({ user_id, name: "Amy" });
  });

  const refuses = (why: string, change: Partial<typeof amy>, expected: string) =>
    test(`[X1] refuses ${why}`, async () => {
      const { auth, accounts } = openScene();
      expect(await code(auth.signUp({ ...amy, ...change }, HOME))).toBe(expected);
      expect(await accounts.users.byUsername("amy")).toBeUndefined();
    });
  refuses("a short username", { username: "am" }, "invalid_username");
  refuses("a long username", { username: "a".repeat(33) }, "invalid_username");
  refuses("an upper-case username", { username: "Amy" }, "invalid_username");
  refuses("a username with a space", { username: "amy lee" }, "invalid_username");
  refuses("a username with a line end", { username: "amy\n" }, "invalid_username");
  refuses("a short password", { password: "1234567" }, "invalid");
  refuses("a short password of wide characters", { password: "🙂".repeat(7) }, "invalid");
  refuses("a long password", { password: "x".repeat(257) }, "too_long");
  refuses("a password with U+0000", { password: "12345678\0" }, "invalid_text");
  refuses("an empty name", { name: "" }, "empty");
  refuses("a long name", { name: "x".repeat(65) }, "too_long");
  refuses("a name that is not text", { name: "\ud800" }, "invalid_text");

  test("[X1] takes the longest of everything", async () => {
    const { auth } = openScene();
    const input = {
      username: "a-z.0_9".padEnd(32, "x"),
      password: "🙂".repeat(256),
      name: "담".repeat(64),
    };
    await value(auth.signUp(input, HOME));
    await value(auth.logIn(input, HOME));
  });

  test("[X1] of one username at once, one wins", async () => {
    const { auth } = openScene();
    const codes = await Promise.all([1, 2, 3, 4].map(() => code(auth.signUp(amy, HOME))));
    expect(codes.sort()).toEqual(["done", "username_taken", "username_taken", "username_taken"]);
    expect(await code(auth.signUp(amy, HOME))).toBe("username_taken");
  });
});

describe("log-in", () => {
  test("[X5] opens a session on a new device, beside the others", async () => {
    const scene = openScene();
    const first = await signUp(scene);
    const second = await logIn(scene);
    expect(second.user_id).toBe(first.user_id);
    expect(second.device_id).not.toBe(first.device_id);
    expect(await code(scene.auth.authenticate(first.access_token))).toBe("done");
    expect(await code(scene.auth.authenticate(second.access_token))).toBe("done");
  });

  test("[X1] refuses an unknown username and a wrong password alike", async () => {
    const scene = openScene();
    await signUp(scene);
    const wrong = await scene.auth.logIn({ ...amy, password: "wrong password" }, HOME);
    const unknown = await scene.auth.logIn({ ...amy, username: "bob" }, HOME);
    expect(wrong).toEqual(unknown);
    expect(wrong).toMatchObject({ refusal: { code: "wrong_credentials" } });
  });

  test("a large first letter is forgiven", async () => {
    const scene = openScene();
    await signUp(scene);
    expect(await code(scene.auth.logIn({ ...amy, username: "Amy" }, HOME))).toBe("done");
  });

  test("[X7] the 31st device takes the place of the one unused for longest", async () => {
    const scene = openScene();
    const first = await signUp(scene);
    for (let i = 0; i < 29; i++) {
      scene.clock.time += 1000;
      await logIn(scene);
    }
    expect(scene.revoked).toEqual([]);
    scene.clock.time += 1000;
    const last = await logIn(scene);
    const { user_id, session_id } = first;
    expect(scene.revoked).toEqual([{ user_id, session_ids: [session_id] }]);
    expect(await code(scene.auth.authenticate(first.access_token))).toBe("unauthenticated");
    expect(await code(scene.auth.authenticate(last.access_token))).toBe("done");
    expect(await value(scene.auth.listDevices(user_id))).toHaveLength(30);
  });
});

describe("refresh", () => {
  test("[X4] gives a new pair, and the old access token lives out its time", async () => {
    const scene = openScene();
    const old = await signUp(scene);
    scene.clock.time += 60_000;
    const next = await value(scene.auth.refresh(old.refresh_token));
    expect(next).toMatchObject({ device_id: old.device_id, session_id: old.session_id });
    expect(next.refresh_token).not.toBe(old.refresh_token);
    expect(await code(scene.auth.authenticate(old.access_token))).toBe("done");
    scene.clock.time += 850_000;
    expect(await code(scene.auth.authenticate(old.access_token))).toBe("unauthenticated");
    expect(await code(scene.auth.authenticate(next.access_token))).toBe("done");
  });

  test("[X4] from two tabs at once gives both the same pair to go on with", async () => {
    const scene = openScene();
    const { refresh_token } = await signUp(scene);
    const both = await Promise.all([1, 2].map(() => value(scene.auth.refresh(refresh_token))));
    expect(both[0]?.refresh_token).toBe(both[1]?.refresh_token ?? "");
    for (const { access_token } of both) {
      expect(await code(scene.auth.authenticate(access_token))).toBe("done");
    }
    expect(scene.revoked).toEqual([]);
  });

  test("[X4] whose answer was lost is repeated an hour later", async () => {
    const scene = openScene();
    const { refresh_token } = await signUp(scene);
    const lost = await value(scene.auth.refresh(refresh_token));
    scene.clock.time += 3_600_000;
    const again = await value(scene.auth.refresh(refresh_token));
    expect(again.refresh_token).toBe(lost.refresh_token);
    expect(await code(scene.auth.authenticate(again.access_token))).toBe("done");
  });

  test("[X4] with a stolen token ends the session once both have used theirs", async () => {
    const scene = openScene();
    const owner = await signUp(scene);
    const thief = await value(scene.auth.refresh(owner.refresh_token));
    expect(await code(scene.auth.authenticate(thief.access_token))).toBe("done");
    await scene.live.flush();
    scene.clock.time += 10_001;
    expect(await code(scene.auth.refresh(owner.refresh_token))).toBe("unauthenticated");
    const { user_id, session_id } = owner;
    expect(scene.revoked).toEqual([{ user_id, session_ids: [session_id] }]);
    expect(await code(scene.auth.authenticate(thief.access_token))).toBe("unauthenticated");
    expect(await code(scene.auth.refresh(thief.refresh_token))).toBe("unauthenticated");
  });

  test("[X4] refuses what is no token of a living session", async () => {
    const scene = openScene();
    const granted = await signUp(scene);
    const bad = ["", "x", granted.access_token, "A".repeat(64)];
    for (const token of bad) expect(await code(scene.auth.refresh(token))).toBe("unauthenticated");
    expect(scene.revoked).toEqual([]);
  });
});

describe("ending sessions", () => {
  test("[X5] a log-out ends the session that asked, and no other", async () => {
    const scene = openScene();
    const first = await signUp(scene);
    const second = await logIn(scene);
    await value(scene.auth.authenticate(first.access_token));
    await value(scene.auth.logOut(first));
    const { user_id, session_id } = first;
    expect(scene.revoked).toEqual([{ user_id, session_ids: [session_id] }]);
    expect(await code(scene.auth.authenticate(first.access_token))).toBe("unauthenticated");
    expect(await code(scene.auth.refresh(first.refresh_token))).toBe("unauthenticated");
    expect(await code(scene.auth.authenticate(second.access_token))).toBe("done");
    expect(await code(scene.auth.logOut(first))).toBe("done");
    expect(scene.revoked).toHaveLength(1);
  });

  test("[X5] a log-out by refresh token ends its session; any other text ends nothing", async () => {
    const scene = openScene();
    const granted = await signUp(scene);
    for (const token of ["", "x", "A".repeat(64)]) {
      expect(await code(scene.auth.logOutToken(token))).toBe("done");
    }
    expect(await code(scene.auth.authenticate(granted.access_token))).toBe("done");
    await value(scene.auth.logOutToken(granted.refresh_token));
    expect(await code(scene.auth.authenticate(granted.access_token))).toBe("unauthenticated");
  });

  test("[X5] a device is logged out from another, but not from another account", async () => {
    const scene = openScene();
    const phone = await signUp(scene);
    const laptop = await logIn(scene);
    const bob = await value(
      scene.auth.signUp({ username: "bob", password: PASSWORD, name: "Bob" }, HOME),
    );
    expect(await code(scene.auth.revokeDevice(bob, phone.device_id))).toBe("not_found");
    const nobody = "1999999999999999999" as DeviceId;
    expect(await code(scene.auth.revokeDevice(laptop, nobody))).toBe("not_found");
    await value(scene.auth.revokeDevice(laptop, phone.device_id));
    expect(await code(scene.auth.revokeDevice(laptop, phone.device_id))).toBe("not_found");
    expect(await code(scene.auth.authenticate(phone.access_token))).toBe("unauthenticated");
    expect(await code(scene.auth.authenticate(laptop.access_token))).toBe("done");
    const { user_id, session_id } = phone;
    expect(scene.revoked).toEqual([{ user_id, session_ids: [session_id] }]);
  });

  test("[X11] a new password needs the old one, and ends every other session", async () => {
    const scene = openScene();
    const here = await signUp(scene);
    const there = await logIn(scene);
    const next = "battery staple";
    const { auth } = scene;
    expect(await code(auth.changePassword(here, "wrong password", next))).toBe("wrong_credentials");
    expect(await code(auth.changePassword(here, PASSWORD, "short"))).toBe("invalid");
    expect(scene.revoked).toEqual([]);
    await value(auth.changePassword(here, PASSWORD, next));
    const { user_id, session_id } = there;
    expect(scene.revoked).toEqual([{ user_id, session_ids: [session_id] }]);
    expect(await code(auth.authenticate(there.access_token))).toBe("unauthenticated");
    expect(await code(auth.authenticate(here.access_token))).toBe("done");
    expect(await code(auth.logIn(amy, HOME))).toBe("wrong_credentials");
    expect(await code(auth.logIn({ ...amy, password: next }, HOME))).toBe("done");
  });

  test("[X11] of two changes at once, one is of a password that is no more", async () => {
    const scene = openScene();
    const here = await signUp(scene);
    const codes = await Promise.all([
      code(scene.auth.changePassword(here, PASSWORD, "battery staple 1")),
      code(scene.auth.changePassword(here, PASSWORD, "battery staple 2")),
    ]);
    expect(codes.sort()).toEqual(["done", "wrong_credentials"]);
  });

  test("[X12] deleting an account needs the password, and ends everything", async () => {
    const scene = openScene();
    const here = await signUp(scene);
    const there = await logIn(scene);
    expect(await code(scene.auth.deleteAccount(here, "wrong password"))).toBe("wrong_credentials");
    await value(scene.auth.deleteAccount(here, PASSWORD));
    expect(scene.revoked.flatMap((end) => end.session_ids).sort()).toEqual(
      [here.session_id, there.session_id].sort(),
    );
    for (const { access_token, refresh_token } of [here, there]) {
      expect(await code(scene.auth.authenticate(access_token))).toBe("unauthenticated");
      expect(await code(scene.auth.refresh(refresh_token))).toBe("unauthenticated");
    }
    expect(await code(scene.auth.logIn(amy, HOME))).toBe("wrong_credentials");
    expect(await code(scene.auth.signUp(amy, HOME))).toBe("username_taken");
  });
});

describe("limits", () => {
  test("guesses at one account end, wherever they come from, and do not spend its owner's", async () => {
    const scene = openScene({ rate_limits: true });
    const here = await signUp(scene);
    const guess = (i: number) =>
      scene.auth.logIn({ ...amy, password: `wrong ${i}` }, `192.0.2.${i}`);
    for (let i = 0; i < 20; i++) expect(await code(guess(i))).toBe("wrong_credentials");
    const refused = await guess(20);
    expect(refused).toMatchObject({ refusal: { code: "rate_limited", retry_after_ms: 15_000 } });
    scene.clock.time += 15_000;
    expect(await code(scene.auth.logIn(amy, "198.51.100.1"))).toBe("done");
    expect(await code(scene.auth.logIn(amy, "198.51.100.1"))).toBe("done");
    expect(await code(scene.auth.changePassword(here, PASSWORD, "battery staple"))).toBe("done");
  });

  test("guesses from one address end, whatever the username", async () => {
    const scene = openScene({ rate_limits: true });
    const guess = (i: number) =>
      code(scene.auth.logIn({ ...amy, username: `user${i}` }, `2001:db8::${i.toString(16)}`));
    for (let i = 0; i < 60; i++) expect(await guess(i)).toBe("wrong_credentials");
    expect(await guess(60)).toBe("rate_limited");
    expect(await code(scene.auth.logIn(amy, HOME))).toBe("wrong_credentials");
  });

  test("honest log-ins are not counted", async () => {
    const scene = openScene({ rate_limits: true });
    await signUp(scene);
    for (let i = 0; i < 100; i++) await logIn(scene);
  });

  test("[X11] guessing the old password with a stolen access token ends", async () => {
    const scene = openScene({ rate_limits: true });
    const here = await signUp(scene);
    const guess = () => code(scene.auth.changePassword(here, "wrong password", "battery staple"));
    for (let i = 0; i < 20; i++) expect(await guess()).toBe("wrong_credentials");
    expect(await guess()).toBe("rate_limited");
    expect(await code(scene.auth.deleteAccount(here, "wrong password"))).toBe("rate_limited");
    expect(await code(scene.auth.logIn(amy, HOME))).toBe("done");
  });

  test("a script that signs up ends, a classroom does not", async () => {
    const scene = openScene({ rate_limits: true });
    const ask = (i: number) => scene.auth.signUp({ ...amy, username: `user${i}` }, HOME);
    for (let i = 0; i < 60; i++) expect(await code(ask(i))).toBe("done");
    expect(await ask(60)).toMatchObject({ refusal: { code: "rate_limited" } });
    expect(await code(scene.auth.signUp(amy, "198.51.100.1"))).toBe("done");
  });
});

describe("a store that fails", () => {
  const failing = (failure: Error) => {
    const accounts = memoryAccounts();
    const byUsername = () => Promise.reject(failure);
    return openScene({ accounts: { ...accounts, users: { ...accounts.users, byUsername } } });
  };
  const store = (failed: AccountsFailure["code"]) =>
    failing(Object.assign(new Error("disk full"), { code: failed }));

  test("[I22] is told as busy when nothing was done, else as unavailable", async () => {
    const busy = await store("busy").auth.signUp(amy, HOME);
    expect(busy).toMatchObject({ refusal: { code: "busy", retry_after_ms: 1000 } });
    expect(await code(store("unavailable").auth.signUp(amy, HOME))).toBe("unavailable");
  });

  test("a bug is not disguised", async () => {
    const scene = failing(new Error("a bug"));
    expect(await rejection(scene.auth.signUp(amy, HOME))).toMatchObject({ message: "a bug" });
  });
});
