import { expect, test } from "bun:test";
import type { DamsoError, Session } from "@damso/sdk";
import { userId } from "../testing/scene.ts";
import type { Api, Request, Wire } from "./api.ts";
import { createApi } from "./api.ts";

const session = {
  server: "http://here",
  user_id: userId(1),
  device_id: userId(801) as string,
  access_token: "t1",
  expires_at: 0,
} as Session;

function open(statuses: number[], more: Partial<Wire> = {}) {
  const requests: Request[] = [];
  let now = session;
  const wire: Wire = {
    request: async (request) => {
      requests.push(request);
      return { status: statuses.shift() ?? 200, body: { code: "forbidden" } };
    },
    objectUrl: async (url) => `blob:${url}`,
    forgetUrl: () => {},
    ...more,
  };
  const renew = async (): Promise<void> => {
    now = { ...session, access_token: "t2" };
  };
  return { api: createApi(wire, () => now, renew), requests };
}

test("a call carries the token, and one that has run out is renewed once", async () => {
  const { api, requests } = open([401, 200]);
  await api.ask("POST", "/v1/x", { a: 1 });
  expect(requests.map(({ token }) => token)).toEqual(["t1", "t2"]);
  expect(requests[1]).toMatchObject({ url: "http://here/v1/x", body: { json: '{"a":1}' } });
});

test("a refusal has its code, and a line that is dead is disconnected", async () => {
  const asked = (api: Api): Promise<unknown> =>
    api.ask("GET", "/v1/x").catch((error: DamsoError) => error.code);
  expect(await asked(open([403]).api)).toBe("forbidden");
  const dead = open([], { request: () => Promise.reject(new Error("no network")) });
  expect(await asked(dead.api)).toBe("disconnected");
  expect(await asked(open([401, 401]).api)).toBe("forbidden");
});

test("a browser with cookies finds files itself, others load each of them once", async () => {
  const { api } = open([]);
  expect(api.addressOf("m1")).toBeUndefined();
  const urls = await Promise.all([api.load("m1"), api.load("m1")]);
  expect(urls).toEqual(["blob:http://here/v1/media/m1", "blob:http://here/v1/media/m1"]);
  const { access_token: _, ...cookies } = session;
  const wire = { request: async () => ({ status: 200, body: {} }) } as unknown as Wire;
  const found = createApi(
    wire,
    () => cookies,
    async () => {},
  );
  expect(found.addressOf("m1")).toBe("http://here/v1/media/m1");
});

test("a file is asked for once more when the session has run out meanwhile", async () => {
  const tokens: string[] = [];
  const { api } = open([], {
    objectUrl: async (url, token) => {
      tokens.push(token);
      if (token === "t1") throw new Error("HTTP 401");
      return url;
    },
  });
  expect(await api.load("m1")).toBe("http://here/v1/media/m1");
  expect(tokens).toEqual(["t1", "t2"]);
});

test("what is shown again is not the oldest, and at the end all is let go", async () => {
  const forgotten: string[] = [];
  const { api } = open([], { forgetUrl: (url) => void forgotten.push(url) });
  for (let count = 0; count < 100; count += 1) await api.load(`m${count}`);
  await api.load("m0");
  await api.load("m100");
  await Promise.resolve();
  expect(forgotten).toEqual(["blob:http://here/v1/media/m1"]);
  api.stop();
  await Promise.resolve();
  expect(new Set(forgotten).size).toBe(101);
});

test("a file that did not load is tried again, and the oldest of many is let go", async () => {
  const forgotten: string[] = [];
  let fails = true;
  const { api } = open([], {
    objectUrl: async (url) => {
      if (fails) throw new Error("away");
      return url;
    },
    forgetUrl: (url) => void forgotten.push(url),
  });
  expect(await api.load("m0").catch(String)).toBe("Error: away");
  fails = false;
  for (let count = 0; count <= 100; count += 1) await api.load(`m${count}`);
  await Promise.resolve();
  expect(forgotten).toEqual(["http://here/v1/media/m0"]);
});
