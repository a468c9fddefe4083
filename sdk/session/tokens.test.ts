import { expect, test } from "bun:test";
import type { DeviceId } from "@damso/protocol";
import type { HttpRequest, HttpResponse } from "../environment.ts";
import type { DamsoError } from "../errors.ts";
import { userId } from "../testing/records.ts";
import { request } from "../transport/http.ts";
import type { Session } from "./session.ts";
import { logIn, signUp } from "./session.ts";
import { authorized, tokens } from "./tokens.ts";

const NOW = 1_000_000;

const start: Session = {
  server: "http://a/",
  user_id: userId(1),
  device_id: "device" as DeviceId,
  access_token: "old",
  refresh_token: "first",
  expires_at: NOW + 900_000,
};

type Answer = (request: HttpRequest) => HttpResponse | Error;

function scene(answer: Answer, session: Session = start) {
  const asked: HttpRequest[] = [];
  const renewed: Session[] = [];
  const environment = {
    now: () => NOW,
    fetch: async (request: HttpRequest): Promise<HttpResponse> => {
      asked.push(request);
      const answered = answer(request);
      if (answered instanceof Error) throw answered;
      return answered;
    },
  };
  const holder = tokens(session, environment, (fresh) => renewed.push(fresh));
  return { asked, renewed, holder, environment, http: authorized(holder, environment) };
}

const grant: HttpResponse = {
  status: 200,
  body: {
    user_id: userId(1),
    device_id: "device",
    access_token: "new",
    refresh_token: "second",
    expires_in: 900,
  },
};
const problem = (status: number, code: string): HttpResponse => ({
  status,
  body: { code, detail: code },
});
const code = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "",
    (error: DamsoError) => error.code,
  );

test("a token that is good for more than a minute is shown as it is", async () => {
  const { asked, holder } = scene(() => grant);
  expect(await holder.fresh()).toBe("old");
  expect(asked).toEqual([]);
});

test("one that is about to end is renewed, once for all who ask", async () => {
  const { asked, renewed, holder } = scene(() => grant, { ...start, expires_at: NOW + 59_000 });
  expect(await Promise.all([holder.fresh(), holder.fresh(), holder.fresh(true)])).toEqual([
    "new",
    "new",
    "new",
  ]);
  expect(asked.map(({ url, body }) => [url, body])).toEqual([
    ["http://a/v1/refresh", '{"refresh_token":"first"}'],
  ]);
  const { access_token, refresh_token } = { access_token: "new", refresh_token: "second" };
  expect(renewed).toEqual([{ ...start, access_token, refresh_token, expires_at: NOW + 900_000 }]);
});

test("a refused refresh token ends the session, a network that is away does not", async () => {
  const ended = scene(() => problem(401, "unauthenticated"));
  expect(await code(ended.holder.fresh(true))).toBe("session_ended");
  const away = scene(() => new Error("no route"));
  expect(await code(away.holder.fresh(true))).toBe("disconnected");
  const busy = scene(() => problem(503, "busy"));
  expect(await code(busy.holder.fresh(true))).toBe("busy");
});

test("the log-in page of a hotel is no grant", async () => {
  const hotel = scene(() => ({ status: 200, body: undefined }));
  expect(await code(hotel.holder.fresh(true))).toBe("disconnected");
});

test("a call whose token is refused is repeated with a fresh one, once", async () => {
  const stale = scene((request) => {
    if (request.url.endsWith("/refresh")) return grant;
    const fresh = request.headers["authorization"] === "Bearer new";
    return fresh ? { status: 200, body: { name: "Ann" } } : problem(401, "unauthenticated");
  });
  expect(await stale.http<{ name: string }>("GET", "/v1/me")).toEqual({ name: "Ann" });
  expect(stale.asked).toHaveLength(3);
  const never = scene((request) =>
    request.url.endsWith("/refresh") ? grant : problem(401, "unauthenticated"),
  );
  expect(await code(never.http("GET", "/v1/me"))).toBe("unauthenticated");
  expect(never.asked).toHaveLength(3);
});

test("[P18] a problem document says its code, an answer without one its status", async () => {
  const told = scene(() => ({
    status: 409,
    body: { code: "group_full", detail: "100", retry_after_ms: 5 },
  }));
  const error = await told.http("GET", "/x").catch((thrown: DamsoError) => thrown);
  expect(error).toMatchObject({
    code: "group_full",
    message: "100",
    retry: false,
    retry_after_ms: 5,
  });
  const statuses: [number, string][] = [
    [401, "unauthenticated"],
    [404, "not_found"],
    [418, "invalid"],
    [429, "rate_limited"],
    [502, "unavailable"],
  ];
  for (const [status, expected] of statuses) {
    const { environment } = scene(() => ({ status, body: undefined }));
    expect(await code(request(environment, "http://a", ["GET", "/x"]))).toBe(expected);
  }
});

test("a cookie session shows no token and refreshes without one", async () => {
  const { access_token: _access, refresh_token: _refresh, ...cookie } = start;
  const { asked, http } = scene(() => grant, { ...cookie, expires_at: 0 });
  await http("GET", "/v1/me");
  expect(asked.map(({ url, body, headers }) => [url, body, headers["authorization"]])).toEqual([
    ["http://a/v1/refresh", "{}", undefined],
    ["http://a/v1/me", undefined, "Bearer new"],
  ]);
});

test("signing up and in give a session of this server", async () => {
  const { asked, environment } = scene(() => grant);
  const account = { server: "http://a", username: "ann", password: "p" };
  const session = await signUp(account, environment);
  expect(session).toMatchObject({
    server: "http://a",
    access_token: "new",
    expires_at: NOW + 900_000,
  });
  await logIn({ ...account, device_name: "phone" }, environment);
  expect(asked.map(({ url, body }) => [url, JSON.parse(body ?? "")])).toEqual([
    ["http://a/v1/signup", { name: "ann", username: "ann", password: "p" }],
    ["http://a/v1/login", { username: "ann", password: "p", device_name: "phone" }],
  ]);
});
