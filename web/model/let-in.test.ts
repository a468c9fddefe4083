import { expect, test } from "bun:test";
import { DamsoError } from "@damso/sdk";
import { settle } from "../testing/context.ts";
import type { Context } from "./context.ts";
import { codeIn, createLetIn } from "./let-in.ts";
import { linkIn } from "./link.ts";

const CODE = "Abc_-9".padEnd(22, "x");
const SERVER = "https://chat.example";
const ASKING = { device_name: "Chrome · Linux", address: "192.0.2.1", expires_in: 100 };

type Call = [path: string, body: object | undefined];

/** An API that answers in the order given; an error code is a refusal. */
function openLetIn(...answers: unknown[]) {
  const calls: Call[] = [];
  const ask = (_method: string, path: string, body?: object): Promise<unknown> => {
    calls.push([path, body]);
    const answer = answers.shift();
    return typeof answer === "string"
      ? Promise.reject(new DamsoError(answer as DamsoError["code"]))
      : Promise.resolve(answer);
  };
  const api = { ask } as unknown as Context["api"];
  return { model: createLetIn({ api }, CODE), calls };
}

test("[X15] the question names the device and where it asks from, and is answered once", async () => {
  const { model, calls } = openLetIn(ASKING, undefined);
  await model.read();
  expect(model.state.value).toEqual({
    name: "asking",
    device_name: "Chrome · Linux",
    address: "192.0.2.1",
    busy: false,
  });
  const answering = [model.answer(true), model.answer(false)];
  expect(model.state.value).toMatchObject({ busy: true });
  await Promise.all(answering);
  expect(model.state.value).toEqual({ name: "approved", device_name: "Chrome · Linux" });
  expect(calls).toEqual([
    ["/v1/login/codes/read", { code: CODE }],
    ["/v1/login/codes/answer", { code: CODE, approve: true }],
  ]);
});

test("[X15] a refusal is one", async () => {
  const { model, calls } = openLetIn(ASKING, undefined);
  await model.read();
  await model.answer(false);
  expect(model.state.value).toEqual({ name: "refused" });
  expect(calls[1]).toEqual(["/v1/login/codes/answer", { code: CODE, approve: false }]);
});

test("[X15] a code that is over, used or cannot be asked about says so", async () => {
  for (const [code, name] of [
    ["not_found", "over"],
    ["conflict", "used"],
    ["disconnected", "away"],
    ["busy", "away"],
  ] as const) {
    const { model } = openLetIn(code, ASKING, code);
    await model.read();
    expect(model.state.value).toEqual({ name });
    await model.read();
    await model.answer(true);
    await settle();
    expect(model.state.value).toEqual({ name });
  }
});

test("[X15] an answer that was lost is given again, and is the same one", async () => {
  const { model, calls } = openLetIn("disconnected", ASKING, "disconnected", undefined);
  await model.read();
  await model.again();
  await model.answer(true);
  expect(model.state.value).toEqual({ name: "away" });
  await model.again();
  expect(model.state.value).toEqual({ name: "approved", device_name: "Chrome · Linux" });
  const answer = ["/v1/login/codes/answer", { code: CODE, approve: true }];
  expect(calls.slice(2)).toEqual([answer, answer] as never);
});

test("what is pasted is an address of this server, or the code itself", () => {
  const found = { code: CODE };
  for (const [text, expected] of [
    [`${SERVER}/?device#${CODE}`, found],
    [`  HTTPS://Chat.example/?device#${CODE}\n`, found],
    [`https://Chat.example/?device=#${CODE}`, found],
    [CODE, found],
    [`https://other.example/?device#${CODE}`, "elsewhere"],
    [`${SERVER}:8080/?device#${CODE}`, "elsewhere"],
    [`${SERVER}/?device#short`, "none"],
    [`${SERVER}/?with=ann`, "none"],
    ["", "none"],
  ] as const) {
    expect([text, codeIn(text, SERVER)]).toEqual([text, expected]);
  }
});

test("an address with a code leads to the question, whatever else it says", () => {
  const at = (query: string, hash = "") => linkIn(new URLSearchParams(query), hash);
  expect(at("device", `#${CODE}`)).toEqual({ kind: "device", code: CODE });
  expect(at("with=ann", "#d1.2")).toEqual({ kind: "person", username: "ann" });
  expect(at("join=x.y")).toEqual({ kind: "group", invite: "x.y" });
  expect(at("")).toBeUndefined();
});
