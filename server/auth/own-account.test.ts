import { beforeEach, expect, test } from "bun:test";
import { refuse } from "@damso/core/result";
import type { Identity } from "../gateway/types.ts";
import type { Scene } from "./scene.testing.ts";
import { code, HOME, openScene, PASSWORD, value } from "./scene.testing.ts";

/** More than anyone may guess. */
const OFTEN = 30;

let scene: Scene;
let who: Identity;
beforeEach(async () => {
  scene = openScene({ rate_limits: true });
  const amy = { username: "amy", password: PASSWORD, name: "Amy" };
  const { user_id, device_id, session_id } = await value(scene.auth.signUp(amy, HOME));
  who = { user_id, device_id, session_id };
});

const change = (old: string): Promise<string> =>
  code(scene.auth.changePassword(who, old, "battery staple"));

test("[X11] a password that nobody had the time to check is no guess", async () => {
  const { verify } = scene.passwords;
  scene.passwords.verify = async () => refuse("busy");
  for (let i = 0; i < OFTEN; i++) expect(await change(PASSWORD)).toBe("busy");
  scene.passwords.verify = verify;
  expect(await change(PASSWORD)).toBe("done");
});

test("[X11] nor is one for which the store could not be asked", async () => {
  const { byUser } = scene.accounts.credentials;
  scene.accounts.credentials.byUser = async () => {
    throw Object.assign(new Error("full"), { code: "busy" });
  };
  for (let i = 0; i < OFTEN; i++) expect(await change(PASSWORD)).toBe("busy");
  scene.accounts.credentials.byUser = byUser;
  expect(await change(PASSWORD)).toBe("done");
});
