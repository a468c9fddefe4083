import { afterEach, beforeEach, expect, test } from "bun:test";
import { notifying } from "./notify.ts";

type Shown = { data: unknown; close: () => void };

let shown: Shown[];
let ended: number;

/** A notification that stands on the screen until it is closed. */
function show(data: unknown): void {
  const one: Shown = { data, close: () => void (shown = shown.filter((other) => other !== one)) };
  shown.push(one);
}

let posted: unknown[] = [];
let known = true;
const registration = {
  active: { postMessage: (message: unknown) => void posted.push(message) },
  getNotifications: async () => [...shown],
  pushManager: {
    getSubscription: async () => (known ? { unsubscribe: async () => void ended++ } : null),
    subscribe: () => new Promise(() => {}),
  },
} as unknown as ServiceWorkerRegistration;

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
const before = Object.getOwnPropertyDescriptor(globalThis, "window");

beforeEach(() => {
  [shown, ended, posted, known] = [[], 0, [], true];
  Object.defineProperty(globalThis, "window", { value: {}, configurable: true });
});
afterEach(() => {
  if (before) Object.defineProperty(globalThis, "window", before);
  else Reflect.deleteProperty(globalThis, "window");
});

test("[N9] notifications of what is read go, a reply that was not sent stays", async () => {
  for (const data of [{ channel: "g1", seq: 7 }, { channel: "g1", seq: 8 }, { unsent: {} }, null])
    show(data);
  notifying(Promise.resolve(registration)).clear?.((_, seq = 0) => seq <= 7);
  await settle();
  expect(shown.map(({ data }) => data)).toEqual([{ channel: "g1", seq: 8 }, { unsent: {} }, null]);
});

test("[N16] what the page tells of itself the worker shows, which knows whether another tab is looked at", async () => {
  const alert = { channel: "g1", seq: 7, title: "Ann", body: "hi" };
  notifying(Promise.resolve(registration)).alert?.(alert);
  await settle();
  expect(posted).toEqual([{ type: "alert", ...alert }]);
});

test("[N16] whoever finds the screen after a log-out reads nothing of before, and is told nothing more", async () => {
  show({ channel: "g1", seq: 7 });
  show({ unsent: {} });
  await notifying(Promise.resolve(registration)).unsubscribe();
  expect([shown, ended]).toEqual([[], 1]);
});

test("a browser that does not reach its push service is not waited for for ever", async () => {
  known = false;
  const asked = notifying(Promise.resolve(registration), 1).subscribe("key");
  expect(await asked.catch(String)).toBe("Error: no push service");
});
