/** A push of our server in a real browser: opened with the browser's keys, given to the worker, shown, clicked. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import type { PushService } from "@damso/tools/rig/push-service.testing";
import { startPushService } from "@damso/tools/rig/push-service.testing";
import type { Browser, BrowserContext, Page, Person } from "./browser.testing.ts";
import { findBrowser, launch, openPerson } from "./browser.testing.ts";
import type { Server } from "./server.ts";
import { startServer } from "./server.ts";
import { eventually, field, say, signUp, talkTo } from "./steps.ts";

let server: Server;
let browser: Browser;
let service: PushService;

beforeAll(async () => {
  const path = findBrowser();
  if (path === undefined) throw new Error("no Chromium or Chrome on this machine");
  service = startPushService();
  const flags = ["--push-anywhere", "on"];
  [server, browser] = await Promise.all([startServer(...flags), launch(path)]);
});
afterAll(async () => {
  await browser.close();
  await server.stop();
  await service.stop();
});

const open = (): Promise<Person> =>
  openPerson(browser, () => {}, { permissions: ["notifications"] });

/** Tells the server where this browser is reached: its own push service would be somewhere in the internet. */
async function subscribe(page: Page, who: string): Promise<void> {
  const body = JSON.stringify(service.subscribe(who));
  const status = await page.evaluate(async (text) => {
    const { devices } = (await (await fetch("/v1/devices")).json()) as {
      devices: { device_id: string; current: boolean }[];
    };
    const own = devices.find(({ current }) => current)?.device_id;
    const headers = { "content-type": "application/json" };
    return (await fetch(`/v1/push/${own}`, { method: "PUT", headers, body: text })).status;
  }, body);
  expect(status).toBe(204);
}

/** The browser's own entry for pushes, behind the decryption. */
async function deliverTo(context: BrowserContext, page: Page, text: string): Promise<void> {
  const session = await context.newCDPSession(page);
  const found = Promise.withResolvers<string>();
  session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    const own = registrations.find(({ scopeURL }) => scopeURL.startsWith(server.url));
    if (own) found.resolve(own.registrationId);
  });
  await session.send("ServiceWorker.enable");
  const registrationId = await found.promise;
  const origin = new URL(server.url).origin;
  await session.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data: text });
  await session.detach();
}

type Seen = { title: string; body: string; tag: string }[];

async function shownIn(context: BrowserContext): Promise<Seen> {
  const [worker] = context.serviceWorkers();
  if (!worker) return [];
  return worker.evaluate(async () => {
    const { registration } = self as unknown as { registration: ServiceWorkerRegistration };
    const all = await registration.getNotifications();
    return all.map(({ title, body, tag }) => ({ title, body, tag }));
  });
}

/** What the platform does when somebody taps the notification; it has no entry of its own for tests. */
async function click(context: BrowserContext, action = ""): Promise<void> {
  const [worker] = context.serviceWorkers();
  await worker?.evaluate(async (name) => {
    const scope = self as unknown as EventTarget & { registration: ServiceWorkerRegistration };
    const [notification] = await scope.registration.getNotifications();
    let done: Promise<unknown> = Promise.resolve();
    const event = Object.assign(new Event("notificationclick"), {
      notification,
      action: name,
      waitUntil: (work: Promise<unknown>) => (done = work.catch(() => {})),
    });
    scope.dispatchEvent(event);
    await done;
  }, action);
}

test("[N16] a push of our server is read, shown and replaced by the worker; a click opens its message", async () => {
  const [ann, bob] = [await open(), await open()];
  await signUp(ann.page, server.url, "ann", "Ann");
  await signUp(bob.page, server.url, "bob", "Bob");
  await bob.page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
  await subscribe(bob.page, "bob");
  // The browser is there, the app is closed.
  await bob.page.goto("about:blank");
  await talkTo(ann.page, "bob");
  await say(ann.page, "first");
  await say(ann.page, "second");
  await eventually("pushes", true, () =>
    service.of("bob").some(({ push }) => push.notification?.body.endsWith("second") === true),
  );
  const pushes = service.of("bob").filter(({ push }) => push.notification !== undefined);
  for (const { text } of pushes) await deliverTo(bob.context, bob.page, text);
  const [last] = pushes.slice(-1);
  const tag = last?.push.notification?.tag ?? "";
  await eventually("notifications", [{ title: "Ann", body: "2 new messages\nsecond", tag }], () =>
    shownIn(bob.context),
  );

  await bob.page.goto(server.url);
  await bob.page.getByText("Ann").first().waitFor();
  await click(bob.context);
  await bob.page.locator('[data-seq="2"]').waitFor();
  await field(bob.page).waitFor();
  await eventually("notifications", [], () => shownIn(bob.context));
  await bob.page.goto("about:blank");
  await bob.page.goto(`${server.url}/#${tag}/1`);
  await bob.page.locator('[data-seq="1"]').waitFor();
  await Promise.all([ann.close(), bob.close()]);
}, 60_000);
