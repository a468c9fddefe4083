import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { HOST } from "./scene.testing.ts";
import type { Got } from "./scene.testing.ts";
import { openWhole } from "./whole.testing.ts";
import type { Client, Whole } from "./whole.testing.ts";

const NAME = "Chrome · Linux";
const LIFE_MS = 120_000;

let whole: Whole;
let ann: Client;
let ben: Client;
beforeEach(async () => {
  whole = await openWhole();
  ann = await whole.signUp("ann");
  ben = await whole.signUp("ben");
});
afterEach(() => whole.stop());

type Shown = { code: string; secret: string };

async function make(): Promise<Shown> {
  const { body } = await whole.call("POST", "/v1/login/codes", { body: { device_name: NAME } });
  const { code, secret } = body;
  return { code: String(code), secret: String(secret) };
}
const wait = (shown: Shown, seconds = 0, more: object = {}): Promise<Got> =>
  whole.call("POST", `/v1/login/codes/wait?wait=${seconds}`, { body: { ...shown, ...more } });
const read = (who: Client, { code }: Shown): Promise<Got> =>
  who.ask("POST", "/v1/login/codes/read", { code });
const answer = (who: Client, { code }: Shown, approve: boolean): Promise<Got> =>
  who.ask("POST", "/v1/login/codes/answer", { code, approve });
const outcome = ({ body, status }: Got): unknown => body["code"] ?? body["state"] ?? status;
const names = async (who: Client): Promise<unknown[]> => {
  const { body } = await who.ask("GET", "/v1/devices");
  return (body["devices"] as { name: string }[]).map(({ name }) => name);
};
const pass = (ms: number): void =>
  void ((whole.deps.clock as unknown as { time: number }).time += ms);

describe("letting a new device in", () => {
  test("[X15] who has the code sees which device asks and lets it in", async () => {
    const shown = await make();
    expect(shown.code).toMatch(/^[\w-]{22}$/);
    expect(shown.secret).toMatch(/^[\w-]{43}$/);
    expect((await wait(shown)).body).toEqual({ state: "waiting" });
    const asking = await read(ann, shown);
    expect(asking.body).toEqual({ device_name: NAME, address: "192.0.2.1", expires_in: 120 });
    expect((await answer(ann, shown, true)).status).toBe(204);
    const { body } = await wait(shown);
    expect(body).toMatchObject({ state: "approved", user_id: ann.user_id, expires_in: 900 });
    const headers = { authorization: `Bearer ${String(body["access_token"])}` };
    const me = await whole.call("GET", "/v1/me", { headers });
    expect(me.body["username"]).toBe("ann");
    expect(await names(ann)).toContain(NAME);
    expect(await names(ben)).not.toContain(NAME);
  });

  test("[X15] a waiting call is answered when somebody approves", async () => {
    const shown = await make();
    const waiting = wait(shown, 20);
    await answer(ann, shown, true);
    expect(outcome(await waiting)).toBe("approved");
  });

  test("[X15] a refusal is told to the device, and holds", async () => {
    const shown = await make();
    expect((await answer(ann, shown, false)).status).toBe(204);
    expect((await answer(ann, shown, false)).status).toBe(204);
    expect(outcome(await wait(shown))).toBe("refused");
    expect(outcome(await answer(ann, shown, true))).toBe("conflict");
    expect(outcome(await read(ann, shown))).toBe("conflict");
    expect(outcome(await wait(shown))).toBe("refused");
  });

  test("[X15] a code is over after two minutes", async () => {
    const shown = await make();
    pass(LIFE_MS - 1);
    expect((await read(ann, shown)).body["expires_in"]).toBe(1);
    pass(1);
    expect(outcome(await read(ann, shown))).toBe("not_found");
    expect(outcome(await answer(ann, shown, true))).toBe("not_found");
    expect(outcome(await wait(shown))).toBe("not_found");
  });

  test("[X15] the first answer counts, whoever gives it", async () => {
    const shown = await make();
    await answer(ben, shown, true);
    expect(outcome(await read(ann, shown))).toBe("conflict");
    expect(outcome(await answer(ann, shown, false))).toBe("conflict");
    expect((await wait(shown)).body["user_id"]).toBe(ben.user_id);
    expect(outcome(await answer(ann, shown, true))).toBe("conflict");
  });

  test("[X15] who is logged out answers nothing", async () => {
    const { code } = await make();
    for (const path of ["read", "answer"]) {
      const body = { code, approve: true };
      const got = await whole.call("POST", `/v1/login/codes/${path}`, { body });
      expect(outcome(got)).toBe("unauthenticated");
    }
  });
});

describe("the session of a code", () => {
  test("[X16] who has only the code, or another's secret, gets nothing", async () => {
    const shown = await make();
    const { secret } = await make();
    await answer(ann, shown, true);
    expect(outcome(await wait({ ...shown, secret }))).toBe("not_found");
    expect(outcome(await wait({ ...shown, secret: "A".repeat(43) }))).toBe("not_found");
    expect(outcome(await wait({ ...shown, secret: "short" }))).toBe("not_found");
    expect(outcome(await wait({ code: "A".repeat(22), secret }))).toBe("not_found");
    expect(await names(ann)).not.toContain(NAME);
  });

  test("[X16] an answer that was lost comes again, and opens no second session", async () => {
    const shown = await make();
    await answer(ann, shown, true);
    const [one, two] = await Promise.all([wait(shown), wait(shown)]);
    const three = await wait(shown);
    const tokens = [one, two, three].map(({ body }) => body["refresh_token"]);
    expect(new Set(tokens).size).toBe(1);
    expect(new Set([one, two, three].map(({ body }) => body["device_id"])).size).toBe(1);
    expect((await names(ann)).filter((name) => name === NAME)).toHaveLength(1);
  });

  test("[X16] the code is over once the session is refreshed, and the session lives on", async () => {
    const shown = await make();
    await answer(ann, shown, true);
    const { body } = await wait(shown);
    const { refresh_token } = body;
    const refreshed = await whole.call("POST", "/v1/refresh", { body: { refresh_token } });
    expect(refreshed.status).toBe(200);
    expect(outcome(await wait(shown))).toBe("not_found");
    expect(await names(ann)).toContain(NAME);
  });

  test("[X16] a device that is logged out meanwhile lets nobody in", async () => {
    const other = await whole.logIn("ann");
    const shown = await make();
    await answer(other, shown, true);
    await ann.ask("DELETE", `/v1/devices/${other.device_id}`);
    expect(outcome(await wait(shown))).toBe("not_found");
    expect(await names(ann)).not.toContain(NAME);
  });

  test("[X16] approved in the last second, it is there for a device that comes back late", async () => {
    const shown = await make();
    pass(LIFE_MS - 1);
    await answer(ann, shown, true);
    pass(59_999);
    expect(outcome(await wait(shown))).toBe("approved");
  });

  test("[X8][X16] a page of this server gets cookies, another one nothing", async () => {
    const shown = await make();
    await answer(ann, shown, true);
    const from = (origin: string): Promise<Got> =>
      whole.call("POST", "/v1/login/codes/wait", {
        body: { ...shown, cookie: true },
        headers: { origin },
      });
    expect(outcome(await from("https://elsewhere.example"))).toBe("forbidden");
    const got = await from(`https://${HOST}`);
    expect(got.body).not.toHaveProperty("access_token");
    expect(got.headers.getSetCookie()).toHaveLength(3);
    expect(got.headers.getSetCookie()[0]).toContain("HttpOnly");
  });
});
