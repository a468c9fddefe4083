import { beforeEach, describe, expect, test } from "bun:test";
import type { Identity } from "../gateway/types.ts";
import { cookieCounts, isOwnOrigin, readCookie } from "./origin.ts";
import { ANN, createScene, HOST } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

type Case = { method: string; headers: Record<string, string>; counts: boolean; why: string };

const OWN = `https://${HOST}`;
const cases: Case[] = [
  { method: "POST", headers: { origin: OWN }, counts: true, why: "the page of this host changes" },
  { method: "POST", headers: {}, counts: false, why: "a change without Origin" },
  { method: "POST", headers: { origin: "null" }, counts: false, why: "a change from a sandbox" },
  {
    method: "PUT",
    headers: { origin: "https://evil.example" },
    counts: false,
    why: "another site",
  },
  {
    method: "DELETE",
    headers: { origin: `https://sub.${HOST}` },
    counts: false,
    why: "a subdomain, which is the same site",
  },
  { method: "PATCH", headers: { origin: `${OWN}:8443` }, counts: false, why: "another port" },
  {
    method: "POST",
    headers: { "sec-fetch-site": "same-origin" },
    counts: false,
    why: "a change with only Sec-Fetch-Site",
  },
  { method: "GET", headers: {}, counts: true, why: "a read by an old browser" },
  { method: "GET", headers: { "sec-fetch-site": "same-origin" }, counts: true, why: "a read" },
  { method: "GET", headers: { "sec-fetch-site": "none" }, counts: true, why: "a typed address" },
  { method: "GET", headers: { "sec-fetch-site": "same-site" }, counts: false, why: "a subdomain" },
  {
    method: "GET",
    headers: { "sec-fetch-site": "cross-site" },
    counts: false,
    why: "another site",
  },
  { method: "GET", headers: { origin: OWN }, counts: true, why: "a read with own Origin" },
  {
    method: "GET",
    headers: { origin: "https://evil.example", "sec-fetch-site": "none" },
    counts: false,
    why: "an Origin that contradicts",
  },
  { method: "HEAD", headers: { "sec-fetch-site": "cross-site" }, counts: false, why: "a HEAD" },
];

describe("whether a cookie counts", () => {
  for (const { method, headers, counts, why } of cases) {
    test(`[X8] ${why}: ${method} ${counts ? "yes" : "no"}`, () => {
      const request = new Request(`http://${HOST}/v1/me`, { method, headers });
      expect(cookieCounts(request, [])).toBe(counts);
    });
  }

  test("[X8] a host that the operator lists is an own one", () => {
    const headers = { origin: "https://front.example" };
    const request = new Request(`http://${HOST}/v1/me`, { method: "POST", headers });
    expect([isOwnOrigin(request, []), isOwnOrigin(request, ["front.example"])]).toEqual([
      false,
      true,
    ]);
  });

  test("the name of a cookie is matched whole", () => {
    const headers = {
      cookie: "x_damso_access=1; damso_access2=2; damso_access=a=b; damso_access=3",
    };
    const request = new Request(`http://${HOST}/`, { headers });
    expect(readCookie(request, "damso_access")).toBe("a=b");
    expect(readCookie(request, "damso")).toBeUndefined();
  });
});

describe("who asks", () => {
  let scene: Scene;
  let ann: Identity;
  beforeEach(async () => {
    scene = createScene();
    ann = await scene.join(ANN, "ann");
  });
  const status = async (headers: Record<string, string>): Promise<unknown> => {
    const answer = await scene.call("GET", "/v1/me", { headers });
    return answer.body["code"] ?? answer.status;
  };

  test("[P22] nobody without a token", async () => {
    const answer = await scene.call("GET", "/v1/me");
    expect([answer.status, answer.body["code"]]).toEqual([401, "unauthenticated"]);
    expect(answer.headers.get("www-authenticate")).toBe("Bearer");
  });

  test("[P22] the bearer token, its scheme in any case, and nothing that is none", async () => {
    const token = ann.session_id;
    expect(await status({ authorization: `Bearer ${token}` })).toBe(200);
    expect(await status({ authorization: `bearer  ${token}` })).toBe(200);
    for (const authorization of [
      token,
      "Bearer",
      "Bearer ",
      `Basic ${token}`,
      `Bearer ${token} x`,
      "Bearer nobody",
    ]) {
      expect(await status({ authorization })).toBe("unauthenticated");
    }
  });

  test("[X8] the cookie where it counts, and as if there were none where it does not", async () => {
    const cookie = `other=1; damso_access=${ann.session_id}`;
    expect(await status({ cookie })).toBe(200);
    expect(await status({ cookie, "sec-fetch-site": "cross-site" })).toBe("unauthenticated");
  });

  test("[X8] a change by cookie needs the right Origin", async () => {
    const cookie = `damso_access=${ann.session_id}`;
    const rename = (headers: Record<string, string>) =>
      scene.call("PATCH", "/v1/me", { headers: { cookie, ...headers }, body: { name: "A" } });
    expect((await rename({})).status).toBe(401);
    expect((await rename({ origin: "https://evil.example" })).status).toBe(401);
    expect((await rename({ origin: OWN })).body["name"]).toBe("A");
  });

  test("[X8] a bad token is not made good by a cookie", async () => {
    const cookie = `damso_access=${ann.session_id}`;
    expect(await status({ cookie, authorization: "Bearer nobody" })).toBe("unauthenticated");
  });

  test("[X5] a revoked session is nobody", async () => {
    await scene.accounts.sessions.revoke(ANN, { session_id: ann.session_id }, 1);
    expect(await status({ authorization: `Bearer ${ann.session_id}` })).toBe("unauthenticated");
  });
});
