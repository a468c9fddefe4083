import { expect, test } from "bun:test";
import { memoryKeep } from "../testing/context.ts";
import { fakeHost } from "../testing/host.ts";
import { createHints } from "./hints.ts";

test("installing is offered after the first sent message, where it can be done", () => {
  const host = fakeHost();
  const hints = createHints(host, memoryKeep());
  host.install.value = "button";
  expect(hints.hint.value).toBeUndefined();
  hints.sent();
  expect(hints.hint.value).toBe("install");
  host.install.value = "menu";
  expect(hints.hint.value).toBe("install_by_menu");
  host.install.value = "done";
  expect(hints.hint.value).toBeUndefined();
});

test("notifications are offered after a missed message, and come first", () => {
  const host = fakeHost();
  const hints = createHints(host, memoryKeep());
  host.install.value = "button";
  hints.sent();
  hints.missed();
  expect(hints.hint.value).toBe("notify");
  host.permission.value = "granted";
  expect(hints.hint.value).toBe("install");
});

test("what was declined is never offered again", () => {
  const host = fakeHost();
  const keep = memoryKeep();
  const hints = createHints(host, keep);
  host.install.value = "button";
  hints.missed();
  hints.sent();
  hints.decline();
  expect(hints.hint.value).toBe("install");
  hints.decline();
  expect(hints.hint.value).toBeUndefined();
  expect(createHints(host, keep).hint.value).toBeUndefined();
});
