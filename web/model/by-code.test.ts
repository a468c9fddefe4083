import { expect, test } from "bun:test";
import type { Session } from "@damso/sdk";
import { settle } from "../testing/context.ts";
import { NOW } from "../testing/scene.ts";
import type { ByCode } from "./by-code.ts";
import { createByCode } from "./by-code.ts";

type Reply = { status: number; body?: unknown } | "no answer";
type Call = { path: string; body: object };
type Opened = {
  model: ByCode;
  calls: Call[];
  entered: Session[];
  clock: { time: number };
  /** The answer to the call that waits. */
  reply: (reply: Reply) => Promise<void>;
};

const MADE = { status: 201, body: { code: "C".repeat(22), secret: "S", expires_in: 120 } };
const URL = `http://here/?device#${"C".repeat(22)}`;
const grant = { user_id: "1", device_id: "2", expires_in: 900 };

function open(cookie = true): Opened {
  const calls: Call[] = [];
  const entered: Session[] = [];
  const clock = { time: NOW };
  const waiting: ((reply: Reply) => void)[] = [];
  const model = createByCode({
    server: "http://here",
    cookie,
    device_name: "Chrome · Linux",
    post: (path, body) => {
      calls.push({ path, body });
      return new Promise((resolve, reject) => {
        waiting.push((reply) => {
          if (reply === "no answer") reject(new TypeError("fetch failed"));
          else resolve({ status: reply.status, body: reply.body });
        });
      });
    },
    now: () => clock.time,
    pause: () => Promise.resolve(),
    entered: (session) => void entered.push(session),
  });
  const reply = async (given: Reply): Promise<void> => {
    const next = waiting.shift();
    if (!next) throw new Error("nothing was asked for");
    next(given);
    await settle();
  };
  return { model, calls, entered, clock, reply };
}

async function shown(cookie?: boolean): Promise<Opened> {
  const opened = open(cookie);
  void opened.model.start();
  await opened.reply(MADE);
  return opened;
}

const problem = (status: number, code: string): Reply => ({ status, body: { code } });

test("[X15] the code that is shown is an address; its secret stays here", async () => {
  const { model, calls } = await shown();
  const ends_at = NOW + 120_000;
  expect(model.state.value).toEqual({ name: "shown", url: URL, ends_at, away: false });
  expect(calls).toEqual([
    { path: "/v1/login/codes", body: { device_name: "Chrome · Linux" } },
    {
      path: "/v1/login/codes/wait?wait=25",
      body: { code: "C".repeat(22), secret: "S", cookie: true },
    },
  ]);
});

test("[X15] it waits on while nobody has answered, and goes in when it is let in", async () => {
  const { model, calls, entered, reply } = await shown(false);
  await reply({ status: 200, body: { state: "waiting" } });
  expect(model.state.value.name).toBe("shown");
  await reply({ status: 200, body: { state: "approved", ...grant, access_token: "a" } });
  expect(entered).toEqual([
    {
      server: "http://here",
      user_id: "1",
      device_id: "2",
      access_token: "a",
      expires_at: NOW + 900_000,
    } as never,
  ]);
  expect(calls).toHaveLength(3);
});

test("[X15] a refusal and the end of a code are told, and a new one is shown on demand", async () => {
  const { model, reply } = await shown();
  await reply({ status: 200, body: { state: "refused" } });
  expect(model.state.value).toEqual({ name: "refused" });
  void model.start();
  expect(model.state.value).toEqual({ name: "starting" });
  await reply(MADE);
  await reply(problem(404, "not_found"));
  expect(model.state.value).toEqual({ name: "over" });
});

test("without a network the code stays, it says so, and asks again", async () => {
  const { model, entered, reply } = await shown();
  await reply("no answer");
  expect(model.state.value).toMatchObject({ name: "shown", away: true });
  await reply({ status: 502, body: undefined });
  expect(model.state.value).toMatchObject({ name: "shown", away: true });
  await reply({ status: 200, body: { state: "waiting" } });
  expect(model.state.value).toMatchObject({ name: "shown", away: false });
  await reply({ status: 200, body: { state: "approved", ...grant } });
  expect(entered).toHaveLength(1);
});

test("a code whose time passed without a network is over", async () => {
  const { model, clock, reply } = await shown();
  clock.time += 120_001;
  await reply("no answer");
  expect(model.state.value).toEqual({ name: "over" });
});

test("the log-in page of a hotel, which answers everything, lets nobody in", async () => {
  const { model, entered, reply } = open();
  void model.start();
  await reply({ status: 200, body: undefined });
  expect(model.state.value).toMatchObject({ name: "failed", error: { code: "unavailable" } });
  expect(entered).toEqual([]);
});

test("what keeps the server from giving a code is told", async () => {
  const { model, reply } = open();
  void model.start();
  await reply(problem(429, "rate_limited"));
  expect(model.state.value).toMatchObject({ name: "failed", error: { code: "rate_limited" } });
});

test("whoever leaves, or starts anew, hears nothing more of the code before", async () => {
  const { model, entered, calls, reply } = await shown();
  model.stop();
  await reply({ status: 200, body: { state: "approved", ...grant } });
  expect(entered).toEqual([]);
  void model.start();
  await reply(MADE);
  expect(calls).toHaveLength(4);
});
