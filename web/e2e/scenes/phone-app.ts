/**
 * The app for phones, as far as a browser can play it: its page from another origin than the server's, under its own
 * policy, with a phone that is made of a few lines.
 */
import { buildShell } from "../../build-shell.ts";
import type { Page } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { eventually, PASSWORD } from "../steps.ts";

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  svg: "image/svg+xml",
  png: "image/png",
};

/** What Capacitor puts into the page: a safe that outlives a reload, and a service that gives out a token. */
function phone(): void {
  const listeners = new Map<string, ((value: unknown) => void)[]>();
  const safe = (key: string): string => `safe ${key}`;
  type Options = { prefixedKey?: string; data?: string };
  const answer = (name: string, { prefixedKey = "", data = "" }: Options): unknown => {
    switch (name) {
      case "SecureStorage.internalGetItem":
        return { data: localStorage.getItem(safe(prefixedKey)) };
      case "SecureStorage.internalSetItem":
        return localStorage.setItem(safe(prefixedKey), data);
      case "SecureStorage.internalRemoveItem":
        return localStorage.removeItem(safe(prefixedKey));
      case "PushNotifications.checkPermissions":
      case "PushNotifications.requestPermissions":
        return { receive: "granted" };
      case "PushNotifications.register":
        for (const heard of listeners.get("PushNotifications.registration") ?? []) {
          setTimeout(() => heard({ value: "a-token-of-the-store" }));
        }
        return undefined;
      default:
        return {};
    }
  };
  Object.assign(globalThis, {
    Capacitor: {
      getPlatform: () => "android",
      nativePromise: async (plugin: string, method: string, options: Options) =>
        answer(`${plugin}.${method}`, options),
      addListener: (plugin: string, event: string, heard: (value: unknown) => void) => {
        const name = `${plugin}.${event}`;
        listeners.set(name, [...(listeners.get(name) ?? []), heard]);
      },
      tap: (channel: string) => {
        const notification = { data: { channel } };
        for (const heard of listeners.get("PushNotifications.pushNotificationActionPerformed") ??
          [])
          heard({ notification });
      },
    },
  });
}

async function choose(page: Page, server: string): Promise<void> {
  await page.getByLabel("Address").fill(server);
  await page.getByRole("button", { name: "Continue" }).click();
}

export async function phoneApp(stage: Stage): Promise<void> {
  const files = await buildShell();
  const device = Bun.serve({
    port: 0,
    fetch({ url }) {
      const name = new URL(url).pathname.slice(1) || "index.html";
      const body = files.get(name);
      const type = TYPES[name.split(".").at(-1) ?? ""] ?? "";
      return body === undefined
        ? new Response(null, { status: 404 })
        : new Response(typeof body === "string" ? body : new Uint8Array(body), {
            headers: { "content-type": type },
          });
    },
  });
  try {
    await play(stage, `http://localhost:${device.port}`);
  } finally {
    await device.stop(true);
  }
}

async function play(stage: Stage, device: string): Promise<void> {
  const server = stage.url.replace("127.0.0.1", "localhost");
  const { page } = await stage.person({ phone: true });
  await page.addInitScript(phone);
  await page.goto(device);
  await choose(page, "not an address");
  await page.getByText("That is no address").waitFor();
  await choose(page, server);

  const username = `mob-${crypto.randomUUID().slice(0, 8)}`;
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Mo");
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign up" }).click();
  // What a newcomer is asked can wait.
  await page.getByRole("button", { name: "Close" }).click();
  await page.getByRole("heading", { name: "Chats" }).waitFor();
  await eventually("the session is in the safe, and nowhere else", [true, false], () =>
    page.evaluate(() => {
      const kept = (key: string): boolean => localStorage.getItem(key) !== null;
      return [kept("safe damso.damso.session"), kept("damso.session")];
    }),
  );

  const friend = await stage.device(username);
  const notes = friend.direct(friend.user_id);
  await friend.send(notes, "from elsewhere");
  await page.getByText("from elsewhere").filter({ visible: true }).first().waitFor();
  await page.evaluate((channel) => {
    (globalThis as unknown as { Capacitor: { tap: (channel: string) => void } }).Capacitor.tap(
      channel,
    );
  }, notes);
  await page.locator(".message .words", { hasText: "from elsewhere" }).waitFor();

  await page.reload();
  await page.getByText("from elsewhere").filter({ visible: true }).first().waitFor();
}
