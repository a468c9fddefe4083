import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { isErrorCode } from "../codes.ts";
import { PUSH_ADDRESS_BYTES_MAX } from "./devices.ts";
import { parseRequest } from "./parse.ts";
import type { RawRequest } from "./parse.ts";
import { ROUTES } from "./routes.ts";
import type { Operation, RouteAnswer, RouteInput } from "./routes.ts";

const ann = "1456074443980800001";
const bob = "1456074443980800002";
const channel_id = `d${ann}.${bob}`;
const client_id = "019f65c5-e895-7123-8567-89abcdef0123";
const many = Array.from({ length: 201 }, () => ann).join(",");

type Raw = Partial<RawRequest>;
function parse(operation: Operation, raw: Raw): unknown {
  const parsed = parseRequest(operation, { params: {}, query: {}, body: undefined, ...raw });
  return parsed.ok ? parsed.input : parsed.refusal.code;
}
function reads(title: string, operation: Operation, raw: Raw, expected: object): void {
  test(title, () => expect(parse(operation, raw)).toMatchObject(expected));
}
function refuses(title: string, operation: Operation, raw: Raw, code: string): void {
  test(title, () => expect(parse(operation, raw)).toBe(code));
}

describe("numbers", () => {
  const params = { channel_id };
  reads(
    "[P22] digits become numbers",
    "getMessages",
    { params, query: { before: "10", limit: "200" } },
    { params, query: { before: 10, limit: 200 } },
  );
  reads(
    "[P22] zero is a position",
    "getFeed",
    { query: { after: "0", wait: "0" } },
    {
      query: { after: 0, wait: 0 },
    },
  );
  for (const after of ["", "-1", "+1", "01", "1.0", "1e3", " 1", "0x1", "٣", "9007199254740993"]) {
    refuses(
      `[P22] ${JSON.stringify(after)} is no number`,
      "getFeed",
      { query: { after } },
      "invalid",
    );
  }
  for (const seq of ["0", "x", "-1", "99999999999999999999"]) {
    const at = { params: { channel_id, seq } };
    refuses(`[P22] there is no message ${seq}`, "getMessage", at, "not_found");
  }
});

describe("fields", () => {
  reads("[P22] a body of optional fields may be missing", "refresh", {}, { body: {} });
  refuses("[P22] a body that is needed may not", "login", {}, "invalid");
  refuses("[P11] a body that is no object", "login", { body: [] }, "invalid");
  refuses(
    "[P11] a body that is null",
    "sendMessage",
    { params: { channel_id }, body: null },
    "invalid",
  );
  reads(
    "[P2] unknown fields are ignored",
    "typing",
    { params: { channel_id }, query: { x: "1" } },
    {
      params: { channel_id },
      query: {},
    },
  );
  reads(
    "[P22] a list has commas",
    "getPresence",
    { query: { users: `${ann},${bob}` } },
    {
      query: { users: [ann, bob] },
    },
  );
  refuses("[P20] 201 users in a list", "getPresence", { query: { users: many } }, "invalid");
  refuses("[P22] no user in a list", "getPresence", { query: { users: "" } }, "not_found");
  reads(
    "[P22] a deletion is for all unless it says otherwise",
    "deleteMessage",
    { params: { channel_id, seq: "7" } },
    { params: { seq: 7 }, query: { for: "all" } },
  );
  refuses("[P4] no such channel", "getChannel", { params: { channel_id: "general" } }, "not_found");
  refuses(
    "[P16] two positions",
    "getMessages",
    { params: { channel_id }, query: { before: "5", after: "1" } },
    "invalid",
  );
  refuses("[P23] a wait over 30 s", "getFeed", { query: { wait: "31" } }, "invalid");
  reads(
    "[P23] a device polls with its cursor",
    "getFeed",
    {
      query: { feed: "f1", after: "12", limit: "500", wait: "30" },
    },
    { query: { feed: "f1", after: 12, limit: 500, wait: 30 } },
  );
  for (const active of [true, false])
    reads(
      `[P23] a device says whether somebody looks at it: ${active}`,
      "getFeed",
      { query: { after: "12", active: `${active}` } },
      { query: { after: 12, active } },
    );
  for (const active of ["", "1", "True", "no"])
    refuses(
      `[P23] ${JSON.stringify(active)} says nothing of that`,
      "getFeed",
      { query: { active } },
      "invalid",
    );
  reads("[P23] without a cursor the page starts at the head", "getFeed", {}, { query: {} });
});

describe("accounts", () => {
  const ok = { username: "ann.lee-9_", password: "pässword", name: "앤" };
  const cases: [string, object, string][] = [
    ["a username of 2", { username: "ab" }, "invalid_username"],
    ["a username of 33", { username: "a".repeat(33) }, "invalid_username"],
    ["an upper-case username", { username: "Ann" }, "invalid_username"],
    ["a Hangul username", { username: "앤앤앤" }, "invalid_username"],
    ["a username with a line end", { username: "ann\n" }, "invalid_username"],
    ["a password of 7", { password: "1234567" }, "invalid"],
    ["a password of 257", { password: "x".repeat(257) }, "too_long"],
    ["a password that no UTF-8 can say", { password: "\ud800".repeat(8) }, "invalid_text"],
    ["no name", { name: "" }, "empty"],
    ["a name of 65", { name: "가".repeat(65) }, "too_long"],
    ["a name with U+0000", { name: "a\0" }, "invalid_text"],
  ];
  reads("[P20] a sign-up within the limits", "signup", { body: ok }, { body: ok });
  for (const [title, change, code] of cases) {
    refuses(`[P20] a sign-up with ${title}`, "signup", { body: { ...ok, ...change } }, code);
  }
  refuses(
    "[P20] a log-in with a password that nobody can have costs nothing",
    "login",
    { body: { username: "ann", password: "x".repeat(257) } },
    "wrong_credentials",
  );
  refuses(
    "[P20] a group of 101 others",
    "createChannel",
    { body: { members: Array.from({ length: 101 }, () => bob) } },
    "group_full",
  );
});

describe("push", () => {
  const params = { device_id: ann };
  const keys = { p256dh: "p", auth: "a" };
  const web = { kind: "webpush", endpoint: "https://push.example/1", keys };
  for (const body of [
    web,
    { kind: "fcm", token: "t" },
    { kind: "apns", token: "t", topic: "app" },
  ]) {
    reads(`[P22] a subscription of ${body.kind}`, "putPush", { params, body }, { body });
  }
  for (const body of [
    { ...web, endpoint: "ftp://push.example/1" },
    { ...web, endpoint: "https//push" },
    { ...web, keys: {} },
    { kind: "fcm", token: "" },
    { kind: "pigeon", token: "t" },
  ]) {
    refuses(`[P22] not ${JSON.stringify(body)}`, "putPush", { params, body }, "invalid");
  }
  const push = (body: object) => ({ params, body });
  const path = "p".repeat(PUSH_ADDRESS_BYTES_MAX);
  const longest = { kind: "fcm", token: path };
  reads("[P22] the longest token", "putPush", push(longest), { body: longest });
  const addresses: [string, object, string][] = [
    ["a token of a byte too many", { kind: "apns", token: `${path}p`, topic: "app" }, "too_long"],
    [
      "a token of too many bytes in fewer letters",
      { kind: "fcm", token: "가".repeat(683) },
      "too_long",
    ],
    ["an endpoint that is too long", { ...web, endpoint: web.endpoint + path }, "too_long"],
    ["a token with U+0000", { kind: "fcm", token: "t\0" }, "invalid_text"],
    ["a token with half a letter", { kind: "apns", token: "\ud800", topic: "app" }, "invalid_text"],
    ["an endpoint with U+0000", { ...web, endpoint: "https://push.example/\0" }, "invalid_text"],
    ["a key with U+0000", { ...web, keys: { ...keys, auth: "\0" } }, "invalid_text"],
  ];
  for (const [title, body, code] of addresses)
    refuses(`[P5] no database keeps ${title}`, "putPush", push(body), code);
});

test("[P11] parsing a request never throws, and refuses with a code of the table", () => {
  const operations = fc.constantFrom(...(Object.keys(ROUTES) as Operation[]));
  const texts = fc.dictionary(
    fc.constantFrom("channel_id", "seq", "user_id", "emoji"),
    fc.string(),
  );
  const query = fc.dictionary(fc.constantFrom("after", "users", "limit", "for"), fc.string());
  fc.assert(
    fc.property(operations, texts, query, fc.jsonValue(), (operation, params, asked, body) => {
      const parsed = parseRequest(operation, { params, query: asked, body });
      expect(parsed.ok || isErrorCode(parsed.refusal.code)).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

test("[P22] a handler's input and answer have the types of the table", () => {
  const raw = { params: { channel_id }, query: {}, body: { client_id, body: "hi" } };
  const parsed = parseRequest("sendMessage", raw);
  if (!parsed.ok) throw new Error(parsed.refusal.message);
  const { params, body }: RouteInput<"sendMessage"> = parsed.input;
  const answer: RouteAnswer<"sendMessage"> = {
    channel: params.channel_id,
    client_id: body.client_id,
    seq: 1,
    message_id: ann as RouteAnswer<"sendMessage">["message_id"],
    created_at: "2026-01-01T00:00:00.000Z",
  };
  const nothing: RouteAnswer<"logout"> = undefined;
  expect<unknown>([answer.channel, answer.client_id, nothing]).toEqual([
    channel_id,
    client_id,
    nothing,
  ]);
});
