import { afterEach, expect, test } from "bun:test";
import { wipe } from "./wipe.ts";

const scope = globalThis as { window?: unknown; navigator?: unknown };
const { window: earlierWindow, navigator: earlierNavigator } = scope;
afterEach(() => {
  Object.defineProperty(scope, "navigator", { value: earlierNavigator, configurable: true });
  if (earlierWindow === undefined) delete scope.window;
  else scope.window = earlierWindow;
});

test("[N16] log-out takes the notifications away that are still shown, and the badge", async () => {
  const closed: string[] = [];
  const shown = ["one", "two"].map((name) => ({ close: () => void closed.push(name) }));
  scope.window ??= {};
  const value = {
    serviceWorker: { getRegistration: async () => ({ getNotifications: async () => shown }) },
    clearAppBadge: async () => void closed.push("badge"),
  };
  Object.defineProperty(scope, "navigator", { value, configurable: true });
  await wipe();
  expect(closed.toSorted()).toEqual(["badge", "one", "two"]);
});

test("[N16] a browser that has neither is none the worse for it", async () => {
  scope.window ??= {};
  Object.defineProperty(scope, "navigator", { value: {}, configurable: true });
  expect(await wipe()).toBeUndefined();
});
