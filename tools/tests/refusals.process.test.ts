/**
 * Each documented refusal gets its documented code, on the socket and from its HTTP twin, and nothing else breaks.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ErrorCode } from "@damso/protocol/codes";
import { directChannel } from "@damso/protocol/ids";
import type { UserId } from "@damso/protocol/ids";
import { LIMITS } from "@damso/protocol/limits";
import type { Message } from "@damso/protocol/schema/message";
import { call, codeOf, succeed } from "../rig/http.testing.ts";
import type { Answer } from "../rig/http.testing.ts";
import { createParty, expectProblem } from "../rig/party.testing.ts";
import type { Party } from "../rig/party.testing.ts";
import { newClientId } from "../rig/random.testing.ts";
import { endRig } from "../rig/server.ts";
import { connect, openSocket } from "../rig/socket.testing.ts";
import type { Closing, Frame, RigSocket } from "../rig/socket.testing.ts";
import { readHistory } from "../rig/truth.testing.ts";
import { until, within } from "../rig/until.ts";
import { openWire } from "../rig/wire.testing.ts";

const SECOND = 1000;
const NOBODY = "1500000000000000000" as UserId;
let party: Party;
/** Ann's, and one of someone who is not in the group. */
let socket: RigSocket;
let outsider: RigSocket;

beforeAll(async () => {
  party = await createParty();
  socket = (await connect(party.origin, party.ann.access_token)).socket;
  outsider = (await connect(party.origin, party.dan.access_token)).socket;
  await say("first");
  const ben = await connect(party.origin, party.ben.access_token);
  expect((await ben.socket.request(sendOf("ben's")))["seq"]).toBe(2);
}, 60_000);
afterAll(endRig);

const token = (): string => party.ann.access_token;

type Outgoing = { type: string; [field: string]: unknown };

const sendOf = (body: string, more: object = {}): Outgoing => ({
  type: "send",
  channel: party.pair,
  client_id: newClientId(),
  body,
  ...more,
});

async function say(body: string): Promise<number> {
  const reply = await socket.request(sendOf(body));
  expect(reply.type).toBe("sent");
  return reply["seq"] as number;
}

const long = "가".repeat(LIMITS.body_code_points_max + 1);
type Case = [title: string, code: ErrorCode, frame: () => Outgoing, twin?: () => Promise<Answer>];

const http = (method: string, path: string, body?: unknown, by = token()): Promise<Answer> =>
  call(party.origin, method, path, body === undefined ? { token: by } : { token: by, body });
const post = (body: string, more: object = {}): Promise<Answer> =>
  http("POST", `/v1/channels/${party.pair}/messages`, { client_id: newClientId(), body, ...more });
const at = (seq: number): string => `/v1/channels/${party.pair}/messages/${seq}`;

const CASES: Case[] = [
  ["[P6] 100,001 code points", "too_long", () => sendOf(long), () => post(long)],
  ["[P6] an empty text", "empty", () => sendOf(""), () => post("")],
  ["[P5] a lone surrogate", "invalid_text", () => sendOf("a\ud800b"), () => post("a\ud800b")],
  [
    "[P5] surrogates the wrong way round",
    "invalid_text",
    () => sendOf("\udc00\ud800"),
    () => post("\udc00\ud800"),
  ],
  ["[P5] U+0000", "invalid_text", () => sendOf("a\u0000b"), () => post("a\u0000b")],
  ["[P2] an unknown type", "unknown_type", () => ({ type: "send_later" })],
  [
    "[P11] a field of another type",
    "invalid",
    () => sendOf("a", { client_id: 7 }),
    () => post("a", { client_id: 7 }),
  ],
  [
    "[P11] no body",
    "invalid",
    () => ({ type: "send", channel: party.pair, client_id: newClientId() }),
    () => http("POST", `/v1/channels/${party.pair}/messages`, { client_id: newClientId() }),
  ],
  [
    "[P4] a channel whose higher id comes first",
    "not_found",
    () => sendOf("a", { channel: swapped() }),
    () => http("GET", `/v1/channels/${swapped()}`),
  ],
  [
    "[D4] a direct channel with someone who never was",
    "not_found",
    () => sendOf("a", { channel: directChannel(party.ann.user_id, NOBODY) }),
    () =>
      http("POST", `/v1/channels/${directChannel(party.ann.user_id, NOBODY)}/messages`, {
        client_id: newClientId(),
        body: "a",
      }),
  ],
  [
    "[D5] a channel of two others",
    "not_member",
    () => sendOf("a", { channel: directChannel(party.ben.user_id, party.cho.user_id) }),
    () =>
      http("GET", `/v1/channels/${directChannel(party.ben.user_id, party.cho.user_id)}/messages`),
  ],
  [
    "[D9] a reply to what is not there",
    "not_found",
    () => sendOf("a", { reply_to: 999 }),
    () => post("a", { reply_to: 999 }),
  ],
  [
    "[D9] a mention of someone who is not a member",
    "invalid",
    () => sendOf("a", { mentions: [party.dan.user_id] }),
    () => post("a", { mentions: [party.dan.user_id] }),
  ],
  [
    "[D9] everyone named outside of a group",
    "invalid",
    () => sendOf("a", { mentions: ["all"] }),
    () => post("a", { mentions: ["all"] }),
  ],
  [
    "[D8] a send to someone who has blocked the sender",
    "blocked",
    () => sendOf("a", { channel: directChannel(party.ann.user_id, party.cho.user_id) }),
  ],
  [
    "[D11] an edit of another's message",
    "forbidden",
    () => ({ type: "edit", channel: party.pair, seq: 2, body: "mine" }),
    () => http("PATCH", at(2), { body: "mine" }),
  ],
  [
    "[D11] an edit of a state that is not the newest",
    "conflict",
    () => ({ type: "edit", channel: party.pair, seq: 1, body: "late", if_rev: 7 }),
    () => http("PATCH", at(1), { body: "late", if_rev: 7 }),
  ],
  [
    "[D11] an edit of what is not there",
    "not_found",
    () => ({ type: "edit", channel: party.pair, seq: 999, body: "x" }),
    () => http("PATCH", at(999), { body: "x" }),
  ],
  [
    "[P16] a page with two positions",
    "invalid",
    () => ({ type: "history", channel: party.pair, before: 5, after: 1 }),
    () => http("GET", `/v1/channels/${party.pair}/messages?before=5&after=1`),
  ],
  [
    "[P20] a draft of more than 4 KiB",
    "too_long",
    () => ({ type: "set", channel: party.pair, draft: "가".repeat(1366) }),
    () => http("PATCH", `/v1/channels/${party.pair}/me`, { draft: "가".repeat(1366) }),
  ],
  [
    "[P20] 201 watched users",
    "invalid",
    () => ({ type: "watch", users: Array.from({ length: 201 }, () => NOBODY) }),
  ],
  ["[P15] a second hello", "invalid", () => ({ type: "hello", token: token() })],
];

const swapped = (): string => {
  const [low, high] = party.pair.slice(1).split(".");
  return `d${high}.${low}`;
};

describe("refused, with the socket kept open", () => {
  for (const [title, code, frame, twin] of CASES) {
    test(`${title} is ${code}`, async () => {
      const before = await readHistory(party.origin, party.ann, party.pair);
      const reply = await socket.request(frame());
      expect(reply).toMatchObject({ type: "error", code });
      if (twin) expectProblem(await twin(), code);
      expect((await socket.request({ type: "ping" })).type).toBe("pong");
      expect(await readHistory(party.origin, party.ann, party.pair)).toEqual(before);
    });
  }

  test("[D5][I18] who is no member can read, write and open nothing", async () => {
    const { group, dan } = party;
    const frames = [
      sendOf("from outside", { channel: group }),
      { type: "edit", channel: group, seq: 1, body: "x" },
      { type: "delete", channel: group, seq: 1, for: "all" },
      { type: "delete", channel: group, seq: 1, for: "me" },
      { type: "react", channel: group, seq: 1, emoji: "👍", on: true },
      { type: "pin", channel: group, seq: 1, on: true },
      { type: "read", channel: group, seq: 1 },
      { type: "set", channel: group, pinned: true },
      { type: "history", channel: group },
      { type: "open", channel: group },
      { type: "typing", channel: group },
    ];
    for (const frame of frames) {
      expect([frame.type, (await outsider.request(frame))["code"]]).toEqual([
        frame.type,
        "not_member",
      ]);
    }
    const calls: [string, string, unknown?][] = [
      ["GET", ""],
      ["PATCH", "", { name: "taken over" }],
      ["GET", "/messages"],
      ["GET", "/messages/1"],
      ["POST", "/messages", { client_id: newClientId(), body: "from outside" }],
      ["DELETE", "/messages/1"],
      ["PUT", "/messages/1/reactions/a"],
      ["PUT", "/messages/1/pin"],
      ["POST", "/read", { seq: 1 }],
      ["PATCH", "/me", { pinned: true }],
      ["GET", "/members"],
      ["PUT", `/members/${dan.user_id}`, {}],
      ["DELETE", `/members/${party.ben.user_id}`],
      ["POST", "/leave"],
    ];
    for (const [method, path, body] of calls) {
      const answer = await http(method, `/v1/channels/${group}${path}`, body, dan.access_token);
      expect([method, path, codeOf(answer)]).toEqual([method, path, "not_member"]);
    }
    expect(outsider.unasked).toEqual([]);
  });

  test("[P11] what is not JSON, or no object, is invalid, fifty times in ten seconds at most", async () => {
    const { socket } = await connect(party.origin, party.ben.access_token);
    const answers: Frame[] = [];
    socket.listen((frame) => void answers.push(frame));
    for (const text of ["", "{", "[]", "null", "1", '"send"', "{}{}", '{"type":1}'])
      socket.send(text);
    await until(() => answers.length === 8, "eight answers");
    const codes = answers.map((frame) => frame["code"]);
    expect(codes).toEqual([...Array.from({ length: 7 }, () => "invalid"), "unknown_type"]);
    for (let more = 8; more < 60; more++) socket.send("{");
    expect((await within(socket.closed, 5 * SECOND, () => "the socket to close")).code).toBe(4003);
  });

  test("[P6][I11] exactly 100,000 code points arrive as they were sent, whatever they weigh", async () => {
    for (const letter of ["a", "가", "🙂"]) {
      const body = letter.repeat(LIMITS.body_code_points_max);
      const seq = await say(body);
      const message = await succeed<Message>(party.origin, "GET", at(seq), { token: token() });
      expect(message.body === body).toBe(true);
    }
  });
});

type Ended = { first: Frame | undefined; closing: Closing };

/** What a new socket hears when this is the first that it says. */
async function startWith(data: string | Uint8Array | undefined): Promise<Ended> {
  const socket = await openSocket(party.origin);
  if (data !== undefined) socket.send(data);
  const closing = await within(socket.closed, 9 * SECOND, () => "the socket to close");
  return { first: socket.unasked[0], closing };
}

describe("refused, and closed", () => {
  const hello = (fields: object): string => JSON.stringify({ type: "hello", id: 1, ...fields });

  test.each<[string, ErrorCode, () => string]>([
    ["[P15] a wrong token", "unauthenticated", () => hello({ token: "x.y.z" })],
    ["[P15] no token", "unauthenticated", () => hello({})],
    ["[P15] another frame before hello", "unauthenticated", () => '{"type":"ping","id":1}'],
    [
      "[P15] a hello of more than 4 KiB",
      "too_large",
      () => hello({ token: token(), client: "c".repeat(4096) }),
    ],
  ])("%s is %s and ends with 4002", async (title, code, data) => {
    const { first, closing } = await startWith(data());
    expect([title, closing.code]).toEqual([title, 4002]);
    // What is too large to be read has no id that an answer could name.
    if (code !== "too_large") expect(first).toMatchObject({ type: "error", id: 1, code });
  });

  test("[P15] what is no JSON before hello ends with 4002", async () => {
    expect((await startWith("{")).closing.code).toBe(4002);
  });

  test("[P15] a socket that says nothing is closed with 4002 after 5 s", async () => {
    const since = performance.now();
    expect((await startWith(undefined)).closing.code).toBe(4002);
    const waited = performance.now() - since;
    expect(waited).toBeGreaterThan(4.7 * SECOND);
    expect(waited).toBeLessThan(7 * SECOND);
  }, 15_000);

  test("[P12] a binary frame ends with 4003, before hello and after it", async () => {
    expect((await startWith(new Uint8Array([1, 2, 3]))).closing.code).toBe(4003);
    const { socket } = await connect(party.origin, party.ben.access_token);
    socket.send(new Uint8Array([1, 2, 3]));
    expect((await within(socket.closed, 5 * SECOND, () => "the socket to close")).code).toBe(4003);
  });

  test("[P20] a frame of 2 MiB is read, one byte more ends with 1009", async () => {
    const { socket } = await connect(party.origin, party.ben.access_token);
    const frame = (bytes: number): string => {
      const start = '{"type":"ping","id":99,"pad":"';
      return `${start}${"x".repeat(bytes - start.length - 2)}"}`;
    };
    socket.send(frame(LIMITS.frame_bytes_max));
    await until(() => socket.unasked.some(({ type }) => type === "pong"), "a pong");
    socket.send(frame(LIMITS.frame_bytes_max + 1));
    expect((await within(socket.closed, 5 * SECOND, () => "the socket to close")).code).toBe(1009);
  });

  test("[P10] no subprotocol of ours, no socket", async () => {
    const answer = await call(party.origin, "GET", "/v1/socket");
    expect([answer.status, codeOf(answer)]).toEqual([426, "invalid"]);
    const wire = await openWire(party.server.port, ["Sec-WebSocket-Protocol: damso.v9"]);
    const offered = wire.handshake.split("\r\n")[0];
    wire.end();
    // The header stands twice, so both are offered, and ours is taken.
    expect(offered).toContain("101");
  });
});
