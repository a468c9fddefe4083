import { expect, test } from "bun:test";
import { memoryAccounts } from "@damso/contracts/fakes/accounts";
import { emptyAccounts } from "@damso/contracts/fakes/accounts-data";
import type { Identity } from "../gateway/types.ts";
import { code, HOME, openScene, PASSWORD, value } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

const NAME = "Chrome · Linux";
const signUp = (scene: Scene, username = "amy"): Promise<Identity> =>
  value(scene.auth.signUp({ username, password: PASSWORD, name: username }, HOME));

test("[X16] the store has neither the code nor the secret, and no token", async () => {
  const data = emptyAccounts();
  const scene = openScene({ accounts: memoryAccounts(data) });
  const amy = await signUp(scene);
  const shown = await value(scene.auth.codes.make(NAME, HOME));
  await value(scene.auth.codes.answer(amy, shown.code, true));
  const waited = await value(scene.auth.codes.wait(shown, HOME, 0));
  if (waited.state !== "approved") throw new Error(waited.state);
  const kept = JSON.stringify([[...data.log_in_codes], [...data.sessions]]);
  for (const secret of [shown.code, shown.secret, waited.grant.refresh_token]) {
    expect(kept).not.toContain(secret);
  }
  expect(kept).toContain(NAME);
});

test("[X15] any node answers: asked at one, allowed at another, waited for at a third", async () => {
  const accounts = memoryAccounts();
  const [one, two, three] = [1, 2, 3].map(() => openScene({ accounts }));
  if (!one || !two || !three) throw new Error("there are three");
  const amy = await signUp(two);
  const shown = await value(one.auth.codes.make(NAME, HOME));
  expect(await value(two.auth.codes.read(shown.code))).toMatchObject({ device_name: NAME });
  await value(two.auth.codes.answer(amy, shown.code, true));
  const waited = await value(three.auth.codes.wait(shown, HOME, 0));
  expect(waited).toMatchObject({ state: "approved", grant: { user_id: amy.user_id } });
  expect(await value(one.auth.codes.wait(shown, HOME, 0))).toMatchObject({ state: "approved" });
});

test("[X4][X16] what a code opens is a session as any other", async () => {
  const scene = openScene();
  const amy = await signUp(scene);
  const shown = await value(scene.auth.codes.make(NAME, HOME));
  await value(scene.auth.codes.answer(amy, shown.code, true));
  const waited = await value(scene.auth.codes.wait(shown, HOME, 0));
  if (waited.state !== "approved") throw new Error(waited.state);
  const { user_id, device_id, session_id, access_token, refresh_token } = waited.grant;
  expect(await value(scene.auth.authenticate(access_token))).toEqual({
    user_id,
    device_id,
    session_id,
  });
  const next = await value(scene.auth.refresh(refresh_token));
  expect(next.session_id).toBe(session_id);
  expect(await code(scene.auth.refresh(next.refresh_token))).toBe("done");
  expect(await code(scene.auth.authenticate(access_token))).toBe("done");
});

test("[X7][X16] the 31st device takes the place of the one unused for longest", async () => {
  const scene = openScene();
  const first = await signUp(scene);
  for (let i = 0; i < 29; i++) {
    scene.clock.time += 1000;
    await value(scene.auth.logIn({ username: "amy", password: PASSWORD }, HOME));
  }
  scene.clock.time += 1000;
  const { user_id, session_id } = first;
  const [newest] = await value(scene.auth.listDevices(user_id));
  if (!newest) throw new Error("nobody is logged in");
  const shown = await value(scene.auth.codes.make(NAME, HOME));
  await value(scene.auth.codes.answer(newest, shown.code, true));
  await value(scene.auth.codes.wait(shown, HOME, 0));
  expect(scene.revoked).toEqual([{ user_id, session_ids: [session_id] }]);
});

test("[X16] new codes of one address are limited, and those of others are not", async () => {
  const { auth } = openScene({ rate_limits: true });
  const made = [];
  for (let i = 0; i < 61; i++) made.push(await code(auth.codes.make(NAME, HOME)));
  expect(made.slice(0, 60)).toEqual(Array.from({ length: 60 }, () => "done"));
  expect(made[60]).toBe("rate_limited");
  expect(await code(auth.codes.make(NAME, "192.0.2.9"))).toBe("done");
});

test("[X16] guesses are limited by address; waiting with a secret is free", async () => {
  const { auth } = openScene({ rate_limits: true });
  const shown = await value(auth.codes.make(NAME, HOME));
  for (let i = 0; i < 100; i++) {
    expect(await code(auth.codes.wait(shown, HOME, 0))).toBe("done");
  }
  const wrong = { ...shown, secret: "A".repeat(43) };
  const guesses = [];
  for (let i = 0; i < 61; i++) guesses.push(await code(auth.codes.wait(wrong, HOME, 0)));
  expect(guesses[0]).toBe("not_found");
  expect(guesses.at(-1)).toBe("rate_limited");
});

test("[X16] a disabled account lets nobody in", async () => {
  const scene = openScene();
  const amy = await signUp(scene);
  const shown = await value(scene.auth.codes.make(NAME, HOME));
  await value(scene.auth.codes.answer(amy, shown.code, true));
  await value(scene.auth.setDisabled(amy.user_id, true));
  expect(await code(scene.auth.codes.wait(shown, HOME, 0))).toBe("not_found");
});

test("[X15] waiting ends when the device hangs up", async () => {
  const { auth } = openScene();
  const shown = await value(auth.codes.make(NAME, HOME));
  const hangUp = new AbortController();
  const waiting = auth.codes.wait(shown, HOME, 30_000, hangUp.signal);
  hangUp.abort();
  expect(await value(waiting)).toEqual({ state: "waiting" });
});

test("[X15] a newer call that waits for a code ends the one before; one without the secret does not", async () => {
  const { auth } = openScene();
  const shown = await value(auth.codes.make(NAME, HOME));
  const first = auth.codes.wait(shown, HOME, 30_000);
  const wrong = { ...shown, secret: "A".repeat(43) };
  expect(await code(auth.codes.wait(wrong, HOME, 30_000))).toBe("not_found");
  const hangUp = new AbortController();
  const second = auth.codes.wait(shown, HOME, 30_000, hangUp.signal);
  expect(await value(first)).toEqual({ state: "waiting" });
  hangUp.abort();
  expect(await value(second)).toEqual({ state: "waiting" });
});

test("[I20] so many calls wait at a node, and one more is busy", async () => {
  const { auth } = openScene();
  const hangUp = new AbortController();
  const codes = await Promise.all(
    Array.from({ length: 501 }, () => value(auth.codes.make(NAME, HOME))),
  );
  const [last, ...others] = codes;
  if (!last) throw new Error("no code was made");
  const waits = others.map((shown) => auth.codes.wait(shown, HOME, 30_000, hangUp.signal));
  expect(await code(auth.codes.wait(last, HOME, 30_000))).toBe("busy");
  expect(await code(auth.codes.wait(last, HOME, 0))).toBe("done");
  hangUp.abort();
  await Promise.all(waits);
  expect(await code(auth.codes.wait(last, HOME, 30_000, AbortSignal.abort()))).toBe("done");
});
