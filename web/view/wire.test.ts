import { afterEach, expect, test } from "bun:test";
import type { Request } from "../model/api.ts";
import { browserWire } from "./wire.ts";

type Call = { timeout?: number; ontimeout?: () => void };

const { XMLHttpRequest: real } = globalThis;
afterEach(() => void (globalThis.XMLHttpRequest = real));

/** What the browser is asked to do. */
function requested(request: Request): { call: Call; answer: Promise<unknown> } {
  const call: Call = {};
  const silent = { open: () => {}, send: () => {}, setRequestHeader: () => {}, upload: {} };
  globalThis.XMLHttpRequest = function () {
    return Object.assign(call, silent);
  } as never;
  return { call, answer: browserWire.request(request) };
}

test("a call without an answer is given up, one with a file takes its time", async () => {
  const { call, answer } = requested({ method: "GET", url: "/v1/search" });
  expect(call.timeout).toBe(20_000);
  call.ontimeout?.();
  expect(await answer.catch(String)).toContain("no answer");
  expect(requested({ method: "POST", url: "/v1", body: { json: "{}" } }).call.timeout).toBe(20_000);
  const file = { name: "a.jpg", type: "image/jpeg", bytes: 1, source: new Blob(["a"]) };
  expect(
    requested({ method: "POST", url: "/v1/media", body: { file } }).call.timeout,
  ).toBeUndefined();
});
