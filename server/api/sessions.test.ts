import { describe, expect, test } from "bun:test";
import { openScene, PASSWORD } from "../auth/scene.testing.ts";
import { createScene, HOST } from "./scene.testing.ts";
import type { Got, Scene } from "./scene.testing.ts";

/** The API over real sessions and tokens. */
function start(): Scene & { revoked: unknown[] } {
  const { auth, accounts, clock, revoked } = openScene({ rate_limits: true });
  return Object.assign(createScene({ auth, accounts, clock }), { revoked });
}

const ANNA = { username: "anna", password: PASSWORD, name: "Anna", device_name: "phone" };
const bearer = (got: Got) => ({ authorization: `Bearer ${String(got.body["access_token"])}` });
const cookieAt = (got: Got, path: string): string =>
  got.headers
    .getSetCookie()
    .find((cookie) => cookie.includes(`Path=${path};`))
    ?.split(";")[0] ?? "";

describe("sessions over HTTP", () => {
  test("[X3][X4][X5] sign-up, refresh, a stolen token, and the end of the session", async () => {
    const scene = start();
    const first = await scene.call("POST", "/v1/signup", { body: ANNA });
    const spent = { refresh_token: first.body["refresh_token"] };
    const second = await scene.call("POST", "/v1/refresh", { body: spent });
    const third = await scene.call("POST", "/v1/refresh", {
      body: { refresh_token: second.body["refresh_token"] },
    });
    expect((await scene.call("GET", "/v1/devices", { headers: bearer(third) })).status).toBe(200);
    expect((await scene.call("POST", "/v1/refresh", { body: spent })).status).toBe(401);
    expect(scene.revoked).toHaveLength(1);
    expect((await scene.call("GET", "/v1/me", { headers: bearer(third) })).status).toBe(401);
  });

  test("[X8] a browser signs up, changes its name, refreshes and logs out by cookies alone", async () => {
    const scene = start();
    const origin = `https://${HOST}`;
    const body = { ...ANNA, cookie: true };
    const signed = await scene.call("POST", "/v1/signup", { body, headers: { origin } });
    const access = { cookie: cookieAt(signed, "/v1"), origin };
    const renamed = await scene.call("PATCH", "/v1/me", { headers: access, body: { name: "A" } });
    expect(renamed.body["name"]).toBe("A");
    const refresh = { cookie: cookieAt(signed, "/v1/refresh"), origin };
    const refreshed = await scene.call("POST", "/v1/refresh", { headers: refresh });
    const next = { cookie: cookieAt(refreshed, "/v1") };
    expect((await scene.call("GET", "/v1/me", { headers: next })).status).toBe(200);
    const logout = { cookie: cookieAt(refreshed, "/v1/logout"), origin };
    expect((await scene.call("POST", "/v1/logout", { headers: logout })).status).toBe(204);
    expect((await scene.call("GET", "/v1/me", { headers: next })).status).toBe(401);
  });

  test("[X12] an account is deleted with its password, and its token is worth nothing", async () => {
    const scene = start();
    const headers = bearer(await scene.call("POST", "/v1/signup", { body: ANNA }));
    const remove = (password: string) =>
      scene.call("DELETE", "/v1/me", { headers, body: { password } });
    expect((await remove("wrong password")).body["code"]).toBe("wrong_credentials");
    expect((await remove(PASSWORD)).status).toBe(204);
    expect((await scene.call("GET", "/v1/me", { headers })).status).toBe(401);
    const { body } = await scene.call("POST", "/v1/login", { body: ANNA });
    expect(body["code"]).toBe("wrong_credentials");
  });

  test("[P20] guessing passwords from one address is rate_limited, and says for how long", async () => {
    const scene = start();
    let last: Got | undefined;
    for (let i = 0; i < 200 && last?.status !== 429; i++) {
      const body = { username: `user${i}`, password: "wrong password" };
      last = await scene.call("POST", "/v1/login", { body });
    }
    expect(last?.body["code"]).toBe("rate_limited");
    expect(Number(last?.headers.get("retry-after"))).toBeGreaterThan(0);
  });
});
