import { beforeEach, describe, expect, test } from "bun:test";
import { done } from "@damso/core/result";
import { directChannel } from "@damso/protocol/ids";
import { createRateLimits } from "../gateway/limits.ts";
import type { Identity } from "../gateway/types.ts";
import { ANN, BEN, createScene, NOW } from "./scene.testing.ts";
import type { Given, Scene } from "./scene.testing.ts";

const CHANNEL = `/v1/channels/${directChannel(ANN, BEN)}`;

let scene: Scene;
let ann: Identity;
beforeEach(async () => {
  const requests = { burst: 5, per_second: 2 };
  const rate_limits = createRateLimits({ now: () => NOW }, { on: true, requests });
  scene = createScene({ rate_limits });
  ann = await scene.join(ANN, "ann");
  await scene.join(BEN, "ben");
});

const codes = async (n: number, method: string, path: string, given: Given = {}) => {
  const got = [];
  for (let i = 0; i < n; i++) got.push(await scene.call(method, path, { as: ann, ...given }));
  return got.map(({ status, body }) => (status < 400 ? "ok" : String(body["code"])));
};
const MIB = new Uint8Array(1024 * 1024);
const FIVE = ["ok", "ok", "ok", "ok", "ok"];

describe("calls that are no sends", () => {
  const calls: [method: string, path: string, body?: object][] = [
    ["GET", "/v1/me"],
    ["PATCH", "/v1/me", { name: "A" }],
    ["GET", `/v1/users/${BEN}`],
    ["PUT", `/v1/contacts/${BEN}`],
    ["PUT", `/v1/blocks/${BEN}`],
    ["GET", "/v1/devices"],
    ["GET", "/v1/feed"],
    ["POST", `${CHANNEL}/read`, { seq: 1 }],
    ["PATCH", `${CHANNEL}/me`, { draft: "d" }],
    ["POST", `${CHANNEL}/typing`],
  ];
  for (const [method, path, body] of calls) {
    test(`[P20] ${method} ${path.replaceAll(/[0-9d.]{19,}/g, "…")} takes from the device's bucket of requests`, async () => {
      const given = body ? { body } : {};
      expect(await codes(6, method, path, given)).toEqual([...FIVE, "rate_limited"]);
      expect(await codes(1, "GET", "/v1/contacts")).toEqual(["rate_limited"]);
    });
  }

  test("[P20] whose form is refused take one as well, and when there is none their body is not read", async () => {
    const path = `${CHANNEL}/read`;
    for (const bytes of ["{", '{"seq":"one"}', "[]"])
      expect(await codes(1, "POST", path, { bytes })).toEqual(["invalid"]);
    expect(await codes(1, "GET", "/v1/channels/x")).toEqual(["not_found"]);
    expect(await codes(1, "GET", "/v1/presence")).toEqual(["invalid"]);
    let read = 0;
    const endless = new ReadableStream<Uint8Array>(
      { pull: (controller) => (read++ < 100 ? controller.enqueue(MIB) : controller.close()) },
      { highWaterMark: 0 },
    );
    expect(await codes(1, "POST", path, { bytes: endless })).toEqual(["rate_limited"]);
    expect(read).toBe(0);
  });

  test("[P20] say when to come back, and sends are another matter", async () => {
    await codes(5, "GET", "/v1/me");
    const refused = await scene.call("GET", "/v1/me", { as: ann });
    expect(refused).toMatchObject({ status: 429, body: { retry_after_ms: 500 } });
    expect(await codes(1, "DELETE", `${CHANNEL}/members/me`)).not.toEqual(["rate_limited"]);
  });

  test("[P20] presence costs as much as it names users", async () => {
    scene.answering.presence = ({ user_id }) => done({ user_id, state: "offline" });
    expect(await codes(1, "GET", `/v1/presence?users=${ANN},${BEN},${BEN}`)).toEqual(["ok"]);
    expect(await codes(4, "GET", "/v1/me")).toEqual(["ok", "ok", "ok", "rate_limited"]);
  });
});

test("[P20] a name too many in a call for presence costs no more than the most there may be", async () => {
  const requests = { burst: 202, per_second: 2 };
  const rate_limits = createRateLimits({ now: () => NOW }, { on: true, requests });
  scene = createScene({ rate_limits });
  ann = await scene.join(ANN, "ann");
  const users = Array.from({ length: 700 }, (_, i) => i).join();
  expect(await codes(1, "GET", `/v1/presence?users=${users}`)).toEqual(["not_found"]);
  expect(await codes(2, "GET", "/v1/me")).toEqual(["ok", "rate_limited"]);
});

test("[P20] who has no session sends 64 KiB and no more, for no bucket pays for reading it", async () => {
  const login = (length: number) =>
    scene.call("POST", "/v1/login", { body: { username: "x".repeat(length), password: "y" } });
  expect((await login(60_000)).body["code"]).toBe("wrong_credentials");
  expect((await login(70_000)).body["code"]).toBe("too_large");
});

test("[P20] opening a group costs as much as five requests, and a direct channel as one", async () => {
  const group = "/v1/channels/g1000000000000000009/members";
  scene.answering.opened = () => done({ members: [] });
  expect(await codes(1, "GET", `${CHANNEL}/members`)).toEqual(["ok"]);
  expect(await codes(1, "GET", group)).toEqual(["rate_limited"]);
  expect(await codes(5, "GET", "/v1/me")).toEqual(["ok", "ok", "ok", "ok", "rate_limited"]);
});

test("[R7] typing by HTTP is told once in three seconds", async () => {
  expect(await codes(4, "POST", `${CHANNEL}/typing`)).toEqual(["ok", "ok", "ok", "ok"]);
  expect(scene.asked).toHaveLength(1);
});
