import { describe, expect, test } from "bun:test";
import { createApi } from "./api.ts";
import type { Api } from "./api.ts";
import { openKeys } from "./keys.ts";
import type { Kept, Keys } from "./keys.ts";

type Asked = { method: string; path: string; token: string | null; body: unknown };
type Answer = { status: number; body?: unknown };

function open(answer: (asked: Asked) => Answer, kept?: Kept) {
  let present = kept;
  const keys: Keys = { get: () => present, set: (next) => (present = next) };
  const asked: Asked[] = [];
  const api: Api = createApi(keys, async (path, { method = "", headers, body }) => {
    const token = new Headers(headers).get("authorization");
    const one = {
      method,
      path,
      token,
      body: typeof body === "string" ? JSON.parse(body) : undefined,
    };
    asked.push(one);
    const { status, body: told } = answer(one);
    return new Response(told === undefined ? null : JSON.stringify(told), { status });
  });
  return { api, asked, keys };
}

const SESSION: Kept = { kind: "session", access_token: "old", refresh_token: "r1" };
const codeOf = async (call: Promise<unknown>): Promise<unknown> =>
  await call.then(
    () => "done",
    (error: { code: unknown }) => error.code,
  );

describe("calls of administration", () => {
  test("carry the token, and tell refusals by their code", async () => {
    const { api, asked } = open(({ path }) =>
      path === "/v1/gone" ? { status: 404, body: { code: "not_found" } } : { status: 204 },
    );
    api.useToken("secret");
    expect(await api.ask<unknown>("PUT", "/v1/a", { b: 1 })).toBeUndefined();
    expect(asked[0]).toEqual({
      method: "PUT",
      path: "/v1/a",
      token: "Bearer secret",
      body: { b: 1 },
    });
    expect(await codeOf(api.ask("GET", "/v1/gone"))).toBe("not_found");
  });

  test("renew a session that has run out, once", async () => {
    const { api, asked, keys } = open(({ path, token }) => {
      if (path === "/v1/refresh")
        return { status: 200, body: { access_token: "new", refresh_token: "r2" } };
      return token === "Bearer new"
        ? { status: 200, body: 7 }
        : { status: 401, body: { code: "unauthenticated" } };
    }, SESSION);
    expect(await api.ask<number>("GET", "/v1/a")).toBe(7);
    expect(asked.map(({ path }) => path)).toEqual(["/v1/a", "/v1/refresh", "/v1/a"]);
    expect(keys.get()).toEqual({ kind: "session", access_token: "new", refresh_token: "r2" });
  });

  test("a wrong token is not renewed, and no answer is told as one", async () => {
    const refused = open(() => ({ status: 401, body: { code: "unauthenticated" } }));
    refused.api.useToken("wrong");
    expect(await codeOf(refused.api.ask("GET", "/v1/a"))).toBe("unauthenticated");
    expect(refused.asked).toHaveLength(1);
    const silent = open(() => {
      throw new Error("no network");
    });
    expect(await codeOf(silent.api.ask("GET", "/v1/a"))).toBe("disconnected");
    const hotel = createApi(silent.keys, async () => new Response("<html>", { status: 200 }));
    expect(await codeOf(hotel.ask("GET", "/v1/a"))).toBe("disconnected");
  });

  test("a session that may not enter is ended again by leaving", async () => {
    const { api, asked, keys } = open(({ path }) => {
      if (path === "/v1/login")
        return { status: 200, body: { access_token: "a", refresh_token: "r" } };
      return path === "/v1/logout" ? { status: 204 } : { status: 200, body: { admin: false } };
    });
    await api.logIn("ann", "a long secret");
    await api.leave();
    expect(keys.get()).toBeUndefined();
    expect(asked.at(-1)).toMatchObject({ path: "/v1/logout", body: { refresh_token: "r" } });
  });
});

test("keys are kept for the tab, and for the visit where storage is forbidden", () => {
  const items = new Map<string, string>();
  const storage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, text: string) => void items.set(key, text),
    removeItem: (key: string) => void items.delete(key),
  } as unknown as Storage;
  openKeys(() => storage).set({ kind: "token", token: "secret" });
  expect(openKeys(() => storage).get()).toEqual({ kind: "token", token: "secret" });
  openKeys(() => storage).set(undefined);
  expect(items.size).toBe(0);
  const forbidden = openKeys(() => {
    throw new Error("forbidden");
  });
  forbidden.set(SESSION);
  expect(forbidden.get()).toEqual(SESSION);
});
