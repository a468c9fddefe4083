/** Refusals that only HTTP has: accounts, groups, bodies and paths; and what happens to those who are too fast. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { isErrorCode } from "@damso/protocol/codes";
import type { ErrorCode } from "@damso/protocol/codes";
import { directChannel } from "@damso/protocol/ids";
import type { UserId } from "@damso/protocol/ids";
import { LIMITS } from "@damso/protocol/limits";
import { call, codeOf, succeed } from "../rig/http.testing.ts";
import type { Answer } from "../rig/http.testing.ts";
import { createParty, expectProblem } from "../rig/party.testing.ts";
import type { Party } from "../rig/party.testing.ts";
import { createGroup, freshUsername, PASSWORD, signUp, signUpPool } from "../rig/people.testing.ts";
import type { Session } from "../rig/people.testing.ts";
import { newClientId } from "../rig/random.testing.ts";
import { createRawHttp } from "../rig/raw-http.testing.ts";
import { endRig, startServer } from "../rig/server.ts";
import { connect } from "../rig/socket.testing.ts";
import { within } from "../rig/until.ts";

const SECOND = 1000;
const NOBODY = "1500000000000000000" as UserId;
let party: Party;

beforeAll(async () => {
  party = await createParty();
}, 60_000);
afterAll(endRig);

const http = (
  method: string,
  path: string,
  body?: unknown,
  token = party.ann.access_token,
): Promise<Answer> =>
  call(party.origin, method, path, body === undefined ? { token } : { token, body });

describe("groups", () => {
  test("[P20][D9] a group holds 100 members: the 101st is refused, and a larger one is not made", async () => {
    const { origin } = party;
    const crowd = await signUpPool(origin, 100, "crowd");
    const [owner] = crowd as [Session];
    const token = owner.access_token;
    const full = await createGroup(origin, crowd);
    const one = await call(origin, "PUT", `/v1/channels/${full}/members/${party.dan.user_id}`, {
      token,
      body: {},
    });
    expectProblem(one, "group_full");
    const members = [...crowd.slice(1), party.ben].map(({ user_id }) => user_id);
    expectProblem(
      await call(origin, "POST", "/v1/channels", { token, body: { members } }),
      "group_full",
    );
    const ids = [...members, NOBODY];
    expectProblem(
      await call(origin, "POST", "/v1/channels", { token, body: { members: ids } }),
      "group_full",
    );
    type Group = { members: unknown[] };
    const group = await succeed<Group>(origin, "GET", `/v1/channels/${full}`, { token });
    expect(group.members).toHaveLength(100);
  }, 60_000);

  test("[D19] a member does not do what is the owner's", async () => {
    const path = `/v1/channels/${party.group}`;
    const token = party.ben.access_token;
    expectProblem(await http("PATCH", path, { name: "Ben's" }, token), "forbidden");
    expectProblem(
      await http("DELETE", `${path}/members/${party.ann.user_id}`, undefined, token),
      "forbidden",
    );
    expectProblem(
      await http("PUT", `${path}/members/${party.ben.user_id}`, { role: "owner" }, token),
      "forbidden",
    );
  });
});

describe("accounts", () => {
  const signup = (fields: object): Promise<Answer> =>
    call(party.origin, "POST", "/v1/signup", {
      body: { username: freshUsername(), password: PASSWORD, name: "New", ...fields },
    });

  test.each<[string, ErrorCode, () => object]>([
    ["[X1] a username that is taken", "username_taken", () => ({ username: party.ann.username })],
    ["[P20] a username with capitals", "invalid_username", () => ({ username: "Ann" })],
    ["[P20] a username of two letters", "invalid_username", () => ({ username: "an" })],
    ["[P20] a password of seven letters", "invalid", () => ({ password: "1234567" })],
    ["[P20] a password of 257 letters", "too_long", () => ({ password: "x".repeat(257) })],
    ["[P20] an empty name", "empty", () => ({ name: "" })],
    ["[P20] a name of 65 letters", "too_long", () => ({ name: "🙂".repeat(65) })],
    ["[P5] a name with U+0000", "invalid_text", () => ({ name: "a\u0000" })],
  ])("%s is %s", async (_title, code, fields) => {
    expectProblem(await signup(fields()), code);
  });

  test("[X1] an unknown username and a wrong password are refused alike", async () => {
    const login = (username: string): Promise<Answer> =>
      call(party.origin, "POST", "/v1/login", { body: { username, password: "wrong password" } });
    const [unknown, wrong] = [await login("nobody-here"), await login(party.ann.username)];
    expectProblem(unknown, "wrong_credentials");
    expect(wrong.body).toEqual(unknown.body);
  });

  test.each([undefined, "", "x", "x.y.z", "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIn0."])(
    "[P22][X3] the token %p opens nothing",
    async (token) => {
      const options = token === undefined ? {} : { token };
      expectProblem(await call(party.origin, "GET", "/v1/me", options), "unauthenticated");
    },
  );
});

describe("HTTP", () => {
  const raw = async (text: string): Promise<{ status: number; code: string }> => {
    const client = createRawHttp(party.server.port);
    const answer = await client.ask(Buffer.from(text));
    client.end();
    const { code } = JSON.parse(answer?.body ?? "{}") as { code?: string };
    return { status: answer?.status ?? 0, code: code ?? "none" };
  };
  const withBody = (body: string): string =>
    `POST /v1/login HTTP/1.1\r\nHost: a\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

  test("[P11] a body that is not JSON is invalid", async () => {
    for (const body of ["{", "[]", "null", "username=a", "\u0000"]) {
      expect(await raw(withBody(body))).toEqual({ status: 400, code: "invalid" });
    }
  });

  test("[P20] a body of more than 2 MiB is too large", async () => {
    const body = `{"username":"${"x".repeat(LIMITS.frame_bytes_max)}"}`;
    expect(await raw(withBody(body))).toEqual({ status: 413, code: "too_large" });
  });

  test("[P18] an unknown path is not found, another method is told which there are", async () => {
    expect(await raw("GET /v1/nothing HTTP/1.1\r\nHost: a\r\n\r\n")).toEqual({
      status: 404,
      code: "not_found",
    });
    expect(await raw("DELETE /v1/login HTTP/1.1\r\nHost: a\r\n\r\n")).toEqual({
      status: 405,
      code: "invalid",
    });
  });

  test("[P11] a Host header that names no host is invalid", async () => {
    expect(await raw("GET /v1/servers HTTP/1.1\r\nHost: %%%\r\n\r\n")).toEqual({
      status: 400,
      code: "invalid",
    });
  });

  test("[P22] numbers are plain digits, and one that no message has is not found", async () => {
    const messages = `/v1/channels/${party.pair}/messages`;
    for (const query of [
      "limit=0",
      "limit=201",
      "limit=1e2",
      "before=-1",
      "before=01",
      "after=x",
    ]) {
      expectProblem(await http("GET", `${messages}?${query}`), "invalid");
    }
    for (const seq of ["0", "-1", "1.5", "99999999999999999999", "x"]) {
      expectProblem(await http("GET", `${messages}/${seq}`), "not_found");
    }
  });
});

test("[P20][P12] with limits on, the 61st send at once has to wait, and who does not is closed with 4029", async () => {
  const limited = await startServer({ flags: { "rate-limits": "on" } });
  const user = await signUp(limited.origin, "quick");
  const { socket } = await connect(limited.origin, user.access_token);
  const channel = directChannel(user.user_id, user.user_id);
  const send = (): { type: string; [field: string]: unknown } => ({
    type: "send",
    channel,
    client_id: newClientId(),
    body: "x",
  });
  const replies = await Promise.all(Array.from({ length: 100 }, () => socket.request(send())));
  const refused = replies.filter(({ type }) => type === "error");
  expect(replies.length - refused.length).toBeGreaterThanOrEqual(LIMITS.sends_burst);
  expect(refused.length).toBeGreaterThan(0);
  for (const one of refused) expect(one).toMatchObject({ code: "rate_limited" });
  const wait = Number(refused[0]?.["retry_after_ms"]);
  expect(wait).toBeGreaterThan(0);
  await Bun.sleep(wait + 1100);
  expect((await socket.request(send())).type).toBe("sent");

  const path = `/v1/channels/${channel}/messages`;
  const twins = await Promise.all(
    Array.from({ length: 60 }, () =>
      call(limited.origin, "POST", path, {
        token: user.access_token,
        body: { client_id: newClientId(), body: "x" },
      }),
    ),
  );
  const codes = new Set(twins.map(codeOf));
  expect([...codes].every((code) => code === undefined || isErrorCode(code))).toBe(true);
  expect(codes.has("rate_limited")).toBe(true);

  for (let at = 0; at < 600; at++) socket.send(JSON.stringify({ ...send(), id: 1000 + at }));
  expect((await within(socket.closed, 10 * SECOND, () => "the socket to close")).code).toBe(4029);
  expect(socket.unasked.find(({ type }) => type === "bye")).toMatchObject({
    reason: "rate_limited",
  });
}, 60_000);
