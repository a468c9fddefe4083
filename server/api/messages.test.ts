import { beforeEach, describe, expect, test } from "bun:test";
import { done, refuse } from "@damso/core/result";
import { createRateLimits } from "../gateway/limits.ts";
import type { Identity } from "../gateway/types.ts";
import { CHANNEL, CLIENT_ID, MESSAGE, OWN, SENT } from "./records.testing.ts";
import { ANN, createScene, NOW } from "./scene.testing.ts";
import type { Scene } from "./scene.testing.ts";

const MESSAGES = `/v1/channels/${CHANNEL}/messages`;
const NO_OWN = { cleared_to: 0, hidden: [] };
const at = { user_id: ANN, channel: CHANNEL };

let scene: Scene;
let ann: Identity;

async function start(next = createScene()): Promise<void> {
  scene = next;
  ann = await scene.join(ANN, "ann");
  Object.assign(scene.answering, {
    send: () => done(SENT),
    message: () => done(MESSAGE),
    own_channel: () => done(OWN),
    edit: () => done({ rev: 2 }),
    history: () => done({ messages: [MESSAGE], head: 3, more_before: true, more_after: false }),
  });
}
beforeEach(() => start());

describe("sending", () => {
  test("[P19] a send answers 201 with what `sent` says", async () => {
    const body = { client_id: CLIENT_ID, body: "안녕", reply_to: 2, mentions: ["all"] };
    const { status, body: answer } = await scene.call("POST", MESSAGES, { as: ann, body });
    expect(status).toBe(201);
    expect(answer).toEqual({ ...SENT });
    expect(scene.asked).toEqual([{ kind: "send", ...at, ...body } as never]);
  });

  const faults: [string, object, string][] = [
    ["an empty body", { client_id: CLIENT_ID, body: "" }, "empty"],
    ["100,001 code points", { client_id: CLIENT_ID, body: "가".repeat(100_001) }, "too_long"],
    ["a lone surrogate", { client_id: CLIENT_ID, body: "\ud800" }, "invalid_text"],
    ["U+0000", { client_id: CLIENT_ID, body: "a\0b" }, "invalid_text"],
    ["no client id", { body: "a" }, "invalid"],
    ["a client id that is no UUIDv7", { client_id: "x", body: "a" }, "invalid"],
  ];
  for (const [name, body, code] of faults) {
    test(`[P11] a send with ${name} is ${code}, and asks nobody`, async () => {
      const answer = await scene.call("POST", MESSAGES, { as: ann, body });
      expect(answer.body["code"]).toBe(code);
      expect(scene.asked).toEqual([]);
    });
  }

  test("[P20] sends take from the device's bucket, whatever call they are", async () => {
    const rate_limits = createRateLimits(
      { now: () => NOW },
      { on: true, sends: { burst: 1, per_second: 2 } },
    );
    await start(createScene({ rate_limits }));
    const body = { client_id: CLIENT_ID, body: "a" };
    expect(await scene.call("POST", MESSAGES, { as: ann, body })).toMatchObject({ status: 201 });
    const second = await scene.call("PUT", `${MESSAGES}/3/pin`, { as: ann });
    expect(second).toMatchObject({
      status: 429,
      body: { code: "rate_limited", retry_after_ms: 500 },
    });
    expect(second.headers.get("retry-after")).toBe("1");
    expect(await scene.call("GET", MESSAGES, { as: ann })).toMatchObject({ status: 200 });
  });
});

describe("reading", () => {
  test("[P16] a page of history is asked with what the reader cleared and hid", async () => {
    const path = `${MESSAGES}?before=4&limit=2`;
    const { body } = await scene.call("GET", path, { as: ann });
    expect(body).toMatchObject({ channel: CHANNEL, messages: [MESSAGE], head: 3 });
    const own = { cleared_to: 1, hidden: [[2, 2]] };
    expect(scene.asked).toEqual([
      { kind: "own_channel", ...at },
      { kind: "history", ...at, before: 4, limit: 2, own },
    ] as never);
  });

  const queries: [string, string][] = [
    ["before=1&after=2", "invalid"],
    ["before=0", "invalid"],
    ["after=-1", "invalid"],
    ["after=1e3", "invalid"],
    ["around=x", "invalid"],
    ["limit=201", "invalid"],
    ["limit=0", "invalid"],
  ];
  for (const [query, code] of queries) {
    test(`[P16] history with ${query} is ${code}`, async () => {
      const { body } = await scene.call("GET", `${MESSAGES}?${query}`, { as: ann });
      expect(body["code"]).toBe(code);
    });
  }

  test("[D10] one message is read whole, as far as the reader may see it", async () => {
    const { body } = await scene.call("GET", `${MESSAGES}/3`, { as: ann });
    expect(body).toEqual({ ...MESSAGE });
    const own = { cleared_to: 1, hidden: [[2, 2]] };
    expect(scene.asked.at(-1)).toEqual({ kind: "message", ...at, seq: 3, own } as never);
  });

  test("[P22] a seq that no message can have, and an id that no channel has, are not_found", async () => {
    for (const path of [`${MESSAGES}/0`, `${MESSAGES}/x`, "/v1/channels/dx/messages/1"]) {
      expect(await scene.call("GET", path, { as: ann })).toMatchObject({ status: 404 });
    }
    expect(scene.asked).toEqual([]);
  });

  test("a refusal of the owner is the answer", async () => {
    scene.answering.own_channel = () => refuse("not_member");
    const { status, body } = await scene.call("GET", MESSAGES, { as: ann });
    expect([status, body["code"]]).toEqual([403, "not_member"]);
  });
});

describe("changing", () => {
  const emoji = encodeURIComponent("👍🏽");
  const changes: [string, string, object | undefined, object][] = [
    ["PATCH", "/3", { body: "b", if_rev: 1 }, { kind: "edit", body: "b", if_rev: 1 }],
    ["DELETE", "/3", undefined, { kind: "delete" }],
    ["DELETE", "/3?for=all", undefined, { kind: "delete" }],
    ["DELETE", "/3?for=me", undefined, { kind: "hide" }],
    ["PUT", `/3/reactions/${emoji}`, undefined, { kind: "react", emoji: "👍🏽", on: true }],
    ["DELETE", `/3/reactions/${emoji}`, undefined, { kind: "react", emoji: "👍🏽", on: false }],
    ["PUT", "/3/reactions/a%2Fb", undefined, { kind: "react", emoji: "a/b", on: true }],
    ["PUT", "/3/pin", undefined, { kind: "pin", on: true }],
    ["DELETE", "/3/pin", undefined, { kind: "pin", on: false }],
  ];
  for (const [method, path, body, command] of changes) {
    test(`[P19] ${method} ${decodeURIComponent(path)} answers the message after it`, async () => {
      const given = body === undefined ? { as: ann } : { as: ann, body };
      const answer = await scene.call(method, MESSAGES + path, given);
      expect(answer.body).toEqual({ ...MESSAGE });
      expect(scene.asked).toEqual([
        { ...at, seq: 3, ...command },
        { kind: "message", ...at, seq: 3, own: NO_OWN },
      ] as never);
    });
  }

  test("[D11] an edit of what changed meanwhile is a conflict, and reads nothing", async () => {
    scene.answering.edit = () => refuse("conflict");
    const answer = await scene.call("PATCH", `${MESSAGES}/3`, { as: ann, body: { body: "b" } });
    expect(answer.status).toBe(409);
    expect(scene.asked).toHaveLength(1);
  });

  test("[P11] a reaction that is too long is too_long", async () => {
    const path = `${MESSAGES}/3/reactions/${"a".repeat(17)}`;
    const { body } = await scene.call("PUT", path, { as: ann });
    expect(body["code"]).toBe("too_long");
  });
});
