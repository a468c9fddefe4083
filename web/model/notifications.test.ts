import { expect, test } from "bun:test";
import { signal } from "@preact/signals";
import type { DeviceId } from "@damso/sdk";
import { memoryKeep, settle } from "../testing/context.ts";
import type { FakeHost } from "../testing/host.ts";
import { fakeHost } from "../testing/host.ts";
import type { Notifications } from "./notifications.ts";
import { createNotifications } from "./notifications.ts";

type Asked = [method: string, path: string, body?: object];

function open(host: FakeHost = fakeHost()): { it: Notifications; host: FakeHost; asked: Asked[] } {
  const asked: Asked[] = [];
  const ask = async <T>(...call: Asked): Promise<T> => {
    asked.push(call);
    return { key: "the server's" } as T;
  };
  const client = { device_id: "v1" as DeviceId };
  const speech = { language: signal("ko" as const) };
  return {
    it: createNotifications({ api: { ask }, host, keep: memoryKeep(), client, speech }),
    host,
    asked,
  };
}

const PUT: Asked = [
  "PUT",
  "/v1/push/v1",
  {
    kind: "webpush",
    endpoint: "https://push.example/1",
    keys: { p256dh: "p", auth: "a" },
    locale: "ko",
  },
];

test("turned on, the server hears where this device is reached, and again at every start: it may have forgotten", async () => {
  const { it, host, asked } = open();
  await it.turnOn();
  expect(host.calls).toEqual([["subscribe", "the server's"]]);
  expect(asked).toEqual([["GET", "/v1/push"], PUT]);
  await it.refresh();
  expect(asked.filter(([method]) => method === "PUT")).toEqual([PUT, PUT]);
});

test("moved by the service of its store, a phone says so when it is to be told of messages", async () => {
  const host = fakeHost();
  let moved = (): void => {};
  host.onMoved = (heard) => void (moved = heard);
  const { it, asked } = open(host);
  moved();
  expect(asked).toEqual([]);
  await it.turnOn();
  moved();
  await settle();
  expect(asked.filter(([method]) => method === "PUT")).toEqual([PUT, PUT]);
});

test("turned off where the browser cannot take the address back, the server forgets it all the same", async () => {
  const { it, host, asked } = open();
  await it.turnOn();
  host.unsubscribe = () => Promise.reject(new Error("no service worker"));
  const failure = await it.turnOff().catch((error: Error) => error.message);
  expect([failure, it.on.value]).toEqual(["no service worker", false]);
  expect(asked.at(-1)).toEqual(["DELETE", "/v1/push/v1"]);
});

test("without the permission nothing is told", async () => {
  const { it, host, asked } = open();
  host.askPermission = async () => {
    host.permission.value = "denied";
  };
  await it.turnOn();
  await it.refresh();
  expect(asked).toEqual([]);
});

test("turned off, the server forgets the device, and a start does not bring it back", async () => {
  const { it, host, asked } = open();
  await it.turnOn();
  await it.turnOff();
  expect(host.calls.at(-1)).toEqual(["unsubscribe"]);
  expect(asked.at(-1)).toEqual(["DELETE", "/v1/push/v1"]);
  await it.refresh();
  expect(asked.at(-1)).toEqual(["DELETE", "/v1/push/v1"]);
});

test("quiet hours are told with the device's clock, kept, and taken back", async () => {
  const { it, asked } = open();
  await it.setQuiet({ from: "22:00", to: "07:00" });
  expect(asked).toEqual([]);
  await it.turnOn();
  const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const hours = { from: "22:00", to: "07:00" };
  expect(asked.at(-1)?.[2]).toMatchObject({ quiet_hours: hours, time_zone });
  expect([it.on.value, it.quiet.value]).toEqual([true, hours]);
  await it.setQuiet(undefined);
  expect(asked.at(-1)).toEqual(PUT);
});
