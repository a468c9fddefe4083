import { expect, test } from "bun:test";
import { signal } from "@preact/signals";
import type { Channel } from "@damso/sdk";
import { createScene, settle } from "../testing/context.ts";
import { fakeHost } from "../testing/host.ts";
import { at, direct, groupId, me, message, talk } from "../testing/scene.ts";
import type { Alert, Alerts } from "./alerts.ts";
import { createAlerts } from "./alerts.ts";
import type { IsRead } from "./host.ts";
import { clearRead, createOutside } from "./outside.ts";

const ann = direct(2);
const club = groupId(1);
const settings = { push: { direct: "all", group: "all" }, private_push: false };

type Opened = { alerts: Alerts; shown: Alert[]; asked: string[] };

function open(
  changes: Partial<Channel> = {},
  mine: object = settings,
  { on = true, id = ann }: { on?: boolean; id?: Channel["id"] } = {},
): Opened {
  const { context } = createScene([talk(id, [1, 2], [[2, 3, "hi"]], { read: 0, ...changes })]);
  const shown: Alert[] = [];
  const asked: string[] = [];
  const ask = async <T>(_: string, path: string): Promise<T> => {
    asked.push(path);
    return { settings: mine } as T;
  };
  const host = {
    ...fakeHost(),
    permission: signal("granted" as const),
    alert: (alert: Alert) => void shown.push(alert),
  };
  const alerts = createAlerts({ ...context, api: { ...context.api, ask } }, host, {
    on: signal(on),
  });
  return { alerts, shown, asked };
}

const hi = message(ann, 1, [2, 0, "hello"]);

test("[N16] a page in the background shows what came, as a push would", async () => {
  const { alerts, shown } = open();
  await alerts.came(hi);
  expect(shown).toEqual([{ channel: ann, seq: 1, title: "지우", body: "hello" }]);
  const group = open({ name: "Club" }, settings, { id: club });
  await group.alerts.came(message(club, 1, [2, 0, "all together"]));
  expect(group.shown[0]).toMatchObject({ title: "Club", body: "지우: all together" });
});

test("[N16] the settings are asked for once, not with every message of a busy group", async () => {
  const { alerts, shown, asked } = open();
  await Promise.all([alerts.came(hi), alerts.came(hi)]);
  await alerts.came(hi);
  expect([asked, shown.length]).toEqual([["/v1/me"], 3]);
});

test("[N10] in private it says only that there is something", async () => {
  const { alerts, shown } = open({}, { ...settings, private_push: true });
  await alerts.came(hi);
  expect(shown[0]).toMatchObject({ title: "Damso", body: "New message" });
});

test("[N7] levels, mutes and what is read already keep it silent", async () => {
  const quiet: Opened[] = [
    open({ muted_until: at(-60) }),
    open({ push_level: "none" }),
    open({ push_level: "mentions" }),
    open({}, { ...settings, push: { direct: "none", group: "all" } }),
    open({ read: 1 }),
    open({}, settings, { on: false }),
  ];
  for (const { alerts, shown } of quiet) {
    await alerts.came(hi);
    expect(shown).toEqual([]);
  }
  const named = open({ muted_until: at(-60) });
  await named.alerts.came({ ...hi, mentions: [me] });
  expect(named.shown).toHaveLength(1);
});

test("[N9] notifications of what is read are taken away", () => {
  const { context } = createScene([talk(ann, [1, 2], [[2, 3, "hi"]], { read: 1, unread: 1 })]);
  const asked: boolean[] = [];
  const host = {
    ...fakeHost(),
    clear: (isRead: IsRead) =>
      void asked.push(isRead(ann, 1), isRead(ann, 2), isRead("g1", 1), isRead(ann), isRead("g1")),
  };
  clearRead(context.client, host);
  expect(asked).toEqual([true, false, false, false, false]);
  const { context: done } = createScene([
    talk(ann, [1, 2], [[2, 3, "hi"]], { read: 3, unread: 0 }),
  ]);
  asked.splice(0);
  clearRead(done.client, host);
  expect(asked).toEqual([true, true, false, true, false]);
});

test("whoever changes the language is told of messages in it, without a new start", async () => {
  const { context } = createScene([talk(ann, [1, 2], [])]);
  const asked: unknown[] = [];
  const ask = async <T>(_: string, path: string, body?: object): Promise<T> => {
    asked.push([path, body && "locale" in body ? body.locale : undefined]);
    return { key: "k" } as T;
  };
  const host = fakeHost();
  const inside = {
    chat: signal(undefined),
    open: () => {},
    unread: signal(0),
    ready: new Promise<void>(() => {}),
  };
  const outside = createOutside({ ...context, api: { ...context.api, ask } }, host, inside);
  await outside.notifications.turnOn();
  asked.splice(0);
  context.speech.toggle();
  await settle();
  expect(asked).toEqual([
    ["/v1/push", undefined],
    [`/v1/push/${context.client.device_id}`, "ko"],
  ]);
  outside.stop();
});

test("[N9] what was read elsewhere while the app was closed goes as soon as the app hears of it", async () => {
  const scene = createScene([talk(ann, [1, 2], [[2, 3, "hi"]], { read: 3 })]);
  const connected = signal(false);
  const context = { ...scene.context, connected };
  let clears = 0;
  const host = { ...fakeHost(), clear: () => void clears++ };
  const inside = {
    chat: signal(undefined),
    open: () => {},
    unread: signal(0),
    ready: Promise.resolve(),
  };
  const outside = createOutside(context, host, inside);
  clears = 0;
  connected.value = true;
  expect(clears).toBe(1);
  outside.setActive(true);
  expect(clears).toBe(2);
  outside.stop();
});
