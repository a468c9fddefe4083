import { afterEach, describe, expect, test } from "bun:test";
import { ADMIN_ROUTES } from "@damso/protocol/http/admin";
import { openAdminScene, TOKEN } from "./scene.testing.ts";
import type { AdminOptions, AdminScene } from "./scene.testing.ts";

let scene: AdminScene | undefined;
afterEach(async () => {
  await scene?.stop();
  scene = undefined;
});
async function open(options?: AdminOptions): Promise<AdminScene> {
  scene = await openAdminScene(options);
  return scene;
}

/** Of nobody. */
const ID = "1900000000000000001";
/** Every call of administration but the one that says whether one may. */
const CALLS = Object.values(ADMIN_ROUTES)
  .filter(({ auth }) => auth === "admin")
  .map(({ method, path }) => ({
    method,
    path: path.replace("{channel_id}", `g${ID}`).replaceAll(/\{\w+\}/g, ID),
    body: path.endsWith("push-test")
      ? { user_id: ID }
      : method === "PUT" && path.endsWith("level")
        ? { level: "info" }
        : undefined,
  }));

type Headers = Record<string, string>;

async function codesOf(at: AdminScene, headers: Headers): Promise<Set<unknown>> {
  const codes = new Set<unknown>();
  for (const { method, path, body } of CALLS) {
    const given = body === undefined ? { headers } : { headers, body };
    const answer = await at.call(method, path, given);
    codes.add(answer.body["code"] ?? answer.status);
  }
  return codes;
}

const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });

async function tokenOf(at: AdminScene, username: string): Promise<string> {
  const account = { username, password: "correct horse", name: username };
  const { body } = await at.call("POST", "/v1/signup", { body: account });
  return String(body["access_token"]);
}

describe("who administers", () => {
  test("[A1] nobody without a session or a token, whatever is asked", async () => {
    const at = await open({ first_user: true });
    expect(CALLS.length).toBe(12);
    expect(await codesOf(at, {})).toEqual(new Set(["unauthenticated"]));
  });

  test("[A1] no member, not even the first, unless the operator said so", async () => {
    const at = await open();
    const first = await tokenOf(at, "ann");
    expect(await codesOf(at, bearer(first))).toEqual(new Set(["forbidden"]));
  });

  test("[A1] the first user where the operator said so, and no other", async () => {
    const at = await open({ first_user: true });
    const first = await tokenOf(at, "ann");
    const second = await tokenOf(at, "ben");
    expect(await codesOf(at, bearer(second))).toEqual(new Set(["forbidden"]));
    expect(await codesOf(at, bearer(first))).not.toContain("forbidden");
    expect((await at.call("GET", "/v1/admin/users", { headers: bearer(first) })).status).toBe(200);
  });

  test("[A1] nobody inherits from a first user who is gone", async () => {
    const at = await open({ first_user: true });
    const headers = bearer(await tokenOf(at, "ann"));
    const second = await tokenOf(at, "ben");
    expect(
      (await at.call("DELETE", "/v1/me", { headers, body: { password: "correct horse" } })).status,
    ).toBe(204);
    expect(await codesOf(at, bearer(second))).toEqual(new Set(["forbidden"]));
    const again = await at.call("GET", "/v1/admin/users", { headers });
    expect(again.body["code"]).toBe("unauthenticated");
  });

  test("[A1] whoever has the token", async () => {
    const at = await open();
    const codes = await codesOf(at, bearer(TOKEN));
    expect(codes).toContain(200);
    expect(codes).not.toContain("forbidden");
    expect(codes).not.toContain("unauthenticated");
  });

  test("[A1] an empty token is no token", async () => {
    const at = await open({ token: "" });
    for (const headers of [{}, { authorization: "Bearer " }, { authorization: "Bearer" }]) {
      expect((await at.call("GET", "/v1/admin/users", { headers })).body["code"]).toBe(
        "unauthenticated",
      );
    }
  });

  test("[A1] the token opens nothing else", async () => {
    const at = await open();
    for (const path of ["/v1/me", "/v1/channels", "/v1/devices"]) {
      expect((await at.admin("GET", path)).body["code"]).toBe("unauthenticated");
    }
  });

  test("[A1] a page can ask whether it may, and is told so plainly", async () => {
    const at = await open({ first_user: true });
    const first = await tokenOf(at, "ann");
    const second = await tokenOf(at, "ben");
    const may = async (headers: Headers): Promise<unknown> =>
      (await at.call("GET", "/v1/admin/access", { headers })).body;
    expect(await may({})).toEqual({ admin: false });
    expect(await may(bearer("wrong"))).toEqual({ admin: false });
    expect(await may(bearer(second))).toEqual({ admin: false });
    expect(await may(bearer(first))).toEqual({ admin: true });
    expect(await may(bearer(TOKEN))).toEqual({ admin: true });
  });
});

describe("the token", () => {
  test("[A2] cannot be guessed for long, also by asking whether one may", async () => {
    const at = await open();
    const guess = async (path: string, n: number): Promise<unknown> =>
      (await at.call("GET", path, { headers: bearer(`guess-${n}`) })).body["code"];
    const codes = [];
    for (let n = 0; n < 12; n++) {
      codes.push(await guess(n % 2 === 0 ? "/v1/admin/users" : "/v1/admin/access", n));
    }
    expect(codes.slice(10)).toEqual(["rate_limited", "rate_limited"]);
    // The address has used up what it had; being right does not help it now.
    expect((await at.admin("GET", "/v1/admin/users")).body["code"]).toBe("rate_limited");
  });

  test("[A2] a right one, and a member's session, cost no guesses", async () => {
    const at = await open();
    const member = await tokenOf(at, "ann");
    for (let n = 0; n < 15; n++) {
      expect((await at.admin("GET", "/v1/admin/log-level")).status).toBe(200);
      const headers = bearer(member);
      expect((await at.call("GET", "/v1/admin/users", { headers })).status).toBe(403);
    }
  });

  test("[A2] calls of an administrator are bounded as well", async () => {
    const at = await open();
    const statuses = [];
    for (let n = 0; n < 130; n++)
      statuses.push((await at.admin("GET", "/v1/admin/log-level")).status);
    expect(statuses.slice(0, 120)).not.toContain(429);
    expect(statuses.at(-1)).toBe(429);
  });

  test("[A2] stands in no line of the log and in no answer", async () => {
    const at = await open();
    at.log_level.level = "debug";
    const answers = [];
    for (const { method, path, body } of CALLS) answers.push(await at.admin(method, path, body));
    await at.call("GET", "/v1/admin/users", { headers: bearer("almost-the-token") });
    expect(at.lines.length).toBeGreaterThan(0);
    const told = at.lines.join("") + JSON.stringify(answers) + JSON.stringify(at.logged);
    expect(told).not.toContain(TOKEN);
    expect(told).not.toContain("almost-the-token");
  });
});
