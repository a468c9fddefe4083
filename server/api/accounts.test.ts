import { beforeEach, describe, expect, test } from "bun:test";
import type { SessionId } from "@damso/protocol/ids";
import type { Identity } from "../gateway/types.ts";
import { ANN, BEN, createScene, HOST } from "./scene.testing.ts";
import type { Got, Scene } from "./scene.testing.ts";

const ANNA = { username: "anna", password: "correct horse", name: "Anna" };
const ORIGIN = { origin: `https://${HOST}` };

let scene: Scene;
beforeEach(() => {
  scene = createScene();
});

const cookiesOf = (got: Got): string[] => got.headers.getSetCookie();
/** The value of the cookie that has this path. */
const cookieAt = (got: Got, path: string): string | undefined =>
  cookiesOf(got)
    .find((cookie) => cookie.includes(`Path=${path};`))
    ?.match(/=([^;]*)/)?.[1];
const alive = async (token: unknown): Promise<boolean> =>
  (await scene.accounts.sessions.byId(token as SessionId)) !== undefined;

describe("sign-up and log-in", () => {
  test("[X5] a sign-up answers tokens that work", async () => {
    const { status, body, headers } = await scene.call("POST", "/v1/signup", { body: ANNA });
    expect([status, headers.getSetCookie()]).toEqual([201, []]);
    const authorization = `Bearer ${String(body["access_token"])}`;
    const me = await scene.call("GET", "/v1/me", { headers: { authorization } });
    expect(me.body).toMatchObject({ user_id: body["user_id"], username: "anna", name: "Anna" });
  });

  const faults: [string, object, string][] = [
    ["a username in capitals", { username: "Anna" }, "invalid_username"],
    ["a username of two letters", { username: "ab" }, "invalid_username"],
    ["a short password", { password: "seven77" }, "invalid"],
    ["a password of 257", { password: "x".repeat(257) }, "too_long"],
    ["an empty name", { name: "" }, "empty"],
    ["a name with U+0000", { name: "a\0" }, "invalid_text"],
    ["a name of 65", { name: "나".repeat(65) }, "too_long"],
    ["a name that is a number", { name: 7 }, "invalid"],
  ];
  for (const [name, fault, code] of faults) {
    test(`[P20] a sign-up with ${name} is ${code}`, async () => {
      const answer = await scene.call("POST", "/v1/signup", { body: { ...ANNA, ...fault } });
      expect(answer.body["code"]).toBe(code);
    });
  }

  test("[X1] a username that is taken is refused with 409", async () => {
    await scene.join(BEN, "anna");
    const { status, body } = await scene.call("POST", "/v1/signup", { body: ANNA });
    expect([status, body["code"]]).toEqual([409, "username_taken"]);
  });

  test("[X1] an unknown username and a wrong password are refused alike", async () => {
    await scene.join(ANN, "anna");
    for (const body of [{ ...ANNA, username: "nobody" }, ANNA, { ...ANNA, username: "!" }]) {
      const answer = await scene.call("POST", "/v1/login", { body });
      expect([answer.status, answer.body["code"]]).toEqual([401, "wrong_credentials"]);
    }
  });
});

describe("tokens in cookies", () => {
  const signUp = (headers: Record<string, string>): Promise<Got> =>
    scene.call("POST", "/v1/signup", { body: { ...ANNA, cookie: true }, headers });

  test("[X8] a page of this host gets them where no script can read them", async () => {
    const got = await signUp(ORIGIN);
    expect(got.body).not.toHaveProperty("access_token");
    expect(got.body).not.toHaveProperty("refresh_token");
    for (const cookie of cookiesOf(got)) {
      expect(cookie).toEndWith("HttpOnly; SameSite=Strict; Secure");
    }
    expect(cookiesOf(got).map((cookie) => /^\w+|Path=[^;]+/g[Symbol.match](cookie))).toEqual([
      ["damso_access", "Path=/v1"],
      ["damso_refresh", "Path=/v1/refresh"],
      ["damso_refresh", "Path=/v1/logout"],
    ]);
    const cookie = `damso_access=${cookieAt(got, "/v1")}`;
    expect((await scene.call("GET", "/v1/me", { headers: { cookie } })).status).toBe(200);
  });

  test("[X8] without TLS, on the own machine, they are not Secure", async () => {
    const got = await signUp({ origin: `http://${HOST}` });
    expect(cookiesOf(got)).toHaveLength(3);
    for (const cookie of cookiesOf(got)) expect(cookie).not.toContain("Secure");
  });

  test("[X8] another site's page, or none, gets none and makes no account", async () => {
    const others: Record<string, string>[] = [{ origin: "https://evil.example" }, {}];
    for (const headers of others) {
      const got = await signUp(headers);
      expect([got.status, cookiesOf(got)]).toEqual([403, []]);
    }
    expect(await scene.accounts.users.byUsername("anna")).toBeUndefined();
  });

  test("[X8] a refresh by cookie answers in cookies, by body in the body", async () => {
    const ann = await scene.join(ANN, "ann");
    const cookie = `damso_refresh=${ann.session_id}`;
    const byCookie = await scene.call("POST", "/v1/refresh", { headers: { cookie, ...ORIGIN } });
    expect(byCookie.body).not.toHaveProperty("refresh_token");
    expect(await alive(cookieAt(byCookie, "/v1/refresh"))).toBe(true);
    const body = { refresh_token: ann.session_id };
    const byBody = await scene.call("POST", "/v1/refresh", { body });
    expect(await alive(byBody.body["refresh_token"])).toBe(true);
    expect(cookiesOf(byBody)).toEqual([]);
  });

  test("[X8] a refresh or log-out by cookie that another site caused is refused", async () => {
    const ann = await scene.join(ANN, "ann");
    const headers = { cookie: `damso_refresh=${ann.session_id}`, origin: "https://evil.example" };
    for (const path of ["/v1/refresh", "/v1/logout"]) {
      expect((await scene.call("POST", path, { headers })).status).toBe(403);
    }
    expect(await alive(ann.session_id)).toBe(true);
  });

  test("[X4] a spent refresh cookie is taken back", async () => {
    const headers = { cookie: "damso_refresh=spent", ...ORIGIN };
    const got = await scene.call("POST", "/v1/refresh", { headers });
    expect(got.status).toBe(401);
    expect(cookiesOf(got).every((cookie) => cookie.includes("Max-Age=0"))).toBe(true);
    expect(cookiesOf(got)).toHaveLength(3);
  });

  test("a refresh without any token is unauthenticated", async () => {
    expect((await scene.call("POST", "/v1/refresh")).body["code"]).toBe("unauthenticated");
  });
});

describe("log-out", () => {
  test("[X5] ends the session of the token named, of the cookie, or of who asks", async () => {
    const ann = await scene.join(ANN, "ann");
    const ways = [
      (who: Identity) => ({ body: { refresh_token: who.session_id } }),
      (who: Identity) => ({ headers: { cookie: `damso_refresh=${who.session_id}`, ...ORIGIN } }),
      (who: Identity) => ({ headers: { cookie: `damso_access=${who.session_id}`, ...ORIGIN } }),
      (who: Identity) => ({ as: who }),
    ];
    for (const way of ways) {
      const login = { username: "ann", password: "secret-1" };
      const { body } = await scene.call("POST", "/v1/login", { body: login });
      const who = { ...ann, session_id: body["access_token"] as SessionId };
      expect((await scene.call("POST", "/v1/logout", way(who))).status).toBe(204);
      expect(await alive(who.session_id)).toBe(false);
    }
    expect(await alive(ann.session_id)).toBe(true);
  });

  test("[X8] a browser's cookies go with the session, and nobody else is sent any", async () => {
    const ann = await scene.join(ANN, "ann");
    const headers = { cookie: `damso_refresh=${ann.session_id}`, ...ORIGIN };
    expect(cookiesOf(await scene.call("POST", "/v1/logout", { headers }))).toHaveLength(3);
    const body = { refresh_token: "gone" };
    expect(cookiesOf(await scene.call("POST", "/v1/logout", { body }))).toEqual([]);
  });

  test("nobody cannot log out", async () => {
    expect((await scene.call("POST", "/v1/logout")).body["code"]).toBe("unauthenticated");
  });
});

describe("one's own account", () => {
  let ann: Identity;
  beforeEach(async () => {
    ann = await scene.join(ANN, "ann");
  });

  test("[P25] a change leaves what it does not name, and null clears the picture", async () => {
    const settings = { presence: "nobody", push: { group: "mentions" } };
    const first = { about: "hi", avatar: "blob/1", settings };
    const { body } = await scene.call("PATCH", "/v1/me", { as: ann, body: first });
    expect(body).toMatchObject({
      name: "ANN",
      about: "hi",
      avatar: "blob/1",
      settings: { presence: "nobody", receipts: true, push: { direct: "all", group: "mentions" } },
    });
    const second = await scene.call("PATCH", "/v1/me", { as: ann, body: { avatar: null } });
    expect(second.body).not.toHaveProperty("avatar");
    expect(second.body["about"]).toBe("hi");
  });

  test("[X13] a change is answered when the relay has had its turn", async () => {
    await scene.call("PATCH", "/v1/me", { as: ann, body: { name: "A" } });
    expect(scene.settled).toEqual({ wakes: 0, settles: 1 });
    await scene.call("GET", "/v1/me", { as: ann });
    expect(scene.settled.settles).toBe(1);
  });

  test("an empty change, or no body, changes nothing", async () => {
    const before = await scene.accounts.outbox.take(9);
    for (const given of [{ as: ann, body: {} }, { as: ann }]) {
      expect((await scene.call("PATCH", "/v1/me", given)).body["name"]).toBe("ANN");
    }
    expect(await scene.accounts.outbox.take(9)).toEqual(before);
  });

  test("[X11] a new password needs the old one; a wrong one changes nothing else", async () => {
    const other = await scene.call("POST", "/v1/login", {
      body: { username: "ann", password: "secret-1" },
    });
    const change = (old: string) => ({ name: "A", password: { old, new: "secret-22" } });
    const wrong = await scene.call("PATCH", "/v1/me", { as: ann, body: change("secret-0") });
    expect(wrong.body["code"]).toBe("wrong_credentials");
    expect((await scene.call("GET", "/v1/me", { as: ann })).body["name"]).toBe("ANN");
    const right = await scene.call("PATCH", "/v1/me", { as: ann, body: change("secret-1") });
    expect(right.body["name"]).toBe("A");
    expect(await alive(other.body["access_token"])).toBe(false);
    expect(await alive(ann.session_id)).toBe(true);
  });

  test("[P21] a password and a name change in one step: `busy` means that neither did", async () => {
    const busy = async (): Promise<never> =>
      Promise.reject(Object.assign(new Error("full"), { code: "busy" }));
    const { users, credentials } = scene.accounts;
    const { byIds, update } = users;
    const { change } = credentials;
    const body = { name: "A", password: { old: "secret-1", new: "secret-22" } };
    credentials.change = busy;
    const refused = await scene.call("PATCH", "/v1/me", { as: ann, body });
    expect([refused.status, refused.body["code"]]).toEqual([503, "busy"]);
    expect(await users.byIds([ANN])).toMatchObject([{ name: "ANN" }]);
    Object.assign(credentials, { change });
    Object.assign(users, { byIds: busy, update: busy });
    const made = await scene.call("PATCH", "/v1/me", { as: ann, body });
    expect([made.status, made.body["name"]]).toEqual([200, "A"]);
    Object.assign(users, { byIds, update });
    expect(await users.byIds([ANN])).toMatchObject([{ name: "A" }]);
  });

  test("[X12] deleting needs the password, and leaves an id and `deleted`", async () => {
    const ben = await scene.join(BEN, "ben");
    const remove = (password: string) =>
      scene.call("DELETE", "/v1/me", { as: ann, body: { password } });
    expect((await remove("secret-0")).body["code"]).toBe("wrong_credentials");
    expect((await remove("secret-1")).status).toBe(204);
    expect(scene.settled.settles).toBe(2);
    const { body } = await scene.call("GET", `/v1/users/${ANN}`, { as: ben });
    expect(body).toEqual({ user_id: ANN, username: "", name: "", deleted: true });
    expect((await scene.call("GET", "/v1/me", { as: ann })).status).toBe(401);
  });

  test("[X5] devices are listed, the one that asks is marked, and another is logged out", async () => {
    const { body } = await scene.call("POST", "/v1/login", {
      body: { username: "ann", password: "secret-1" },
    });
    const list = await scene.call("GET", "/v1/devices", { as: ann });
    const devices = list.body["devices"] as { device_id: string; current: boolean }[];
    const current = new Map(devices.map((device) => [device.device_id, device.current]));
    expect(current).toEqual(
      new Map([
        [ann.device_id as string, true],
        [String(body["device_id"]), false],
      ]),
    );
    const path = `/v1/devices/${String(body["device_id"])}`;
    expect((await scene.call("DELETE", path, { as: ann })).status).toBe(204);
    expect(await alive(body["access_token"])).toBe(false);
    expect((await scene.call("DELETE", path, { as: ann })).status).toBe(404);
  });
});
