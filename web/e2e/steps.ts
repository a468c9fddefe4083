/** What people do on the page, and what they wait to see. */
import type { FrameLocator, Locator, Page } from "./browser.testing.ts";

/** A page, or one of the two windows of the demo. */
export type Window = Page | FrameLocator;

const DEADLINE_MS = 30_000;
/** Everybody's. */
export const PASSWORD = "a long secret";

/** Asks again until the answer is the expected one; a wrong one at the deadline is what is thrown. */
export async function eventually<T>(
  what: string,
  expected: T,
  ask: () => T | Promise<T>,
): Promise<void> {
  const end = Date.now() + DEADLINE_MS;
  let answer = await ask();
  while (!Bun.deepEquals(answer, expected)) {
    if (Date.now() > end) {
      throw new Error(`${what}: ${JSON.stringify(answer)}, not ${JSON.stringify(expected)}`);
    }
    await Bun.sleep(30);
    answer = await ask();
  }
}

export async function signUp(
  page: Page,
  url: string,
  username: string,
  name: string,
): Promise<void> {
  await page.goto(url);
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Username").fill(username);
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign up" }).click();
  // Whoever is new is shown around; nobody here wants it.
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  await page.getByRole("heading", { name: "Chats" }).waitFor();
}

/** Opens the 1:1 chat with somebody found by username. */
export async function talkTo(page: Page, username: string): Promise<void> {
  await page.getByRole("button", { name: "New chat" }).first().click();
  await page.getByLabel("Name or username").fill(username);
  await page.getByRole("button", { name: `Find @${username}` }).click();
  await field(page).waitFor();
}

/** Makes a group of people found by username; its chat is open after. */
export async function newGroup(page: Page, name: string, usernames: string[]): Promise<void> {
  await page.getByRole("button", { name: "New chat" }).first().click();
  await page.getByRole("button", { name: "New group" }).click();
  await page.getByLabel("Name of the group").fill(name);
  for (const [index, username] of usernames.entries()) {
    await page.getByLabel("Name or username").fill(username);
    await page.getByRole("button", { name: `Find @${username}` }).click();
    await page.locator(".chips li").nth(index).waitFor();
  }
  await page.getByRole("button", { name: "Create group" }).click();
  await page.locator(".chat-name", { hasText: name }).waitFor();
}

export const field = (window: Window): Locator => window.getByPlaceholder("Write a message");
export const row = (window: Window, name: string): Locator =>
  window.locator(".row", { hasText: name });
export const bubble = (window: Window, text: string): Locator =>
  window
    .locator(".message")
    .filter({ has: window.locator(".words", { hasText: text }) })
    .last();

export async function say(window: Window, text: string): Promise<void> {
  await field(window).fill(text);
  await field(window).press("Enter");
}

/** The texts of the messages, from top to bottom. */
export function texts(window: Window): Promise<string[]> {
  return window.locator(".message .words, .message .gone").allTextContents();
}

/** The tick of an own message, in words. */
export async function tick(window: Window, text: string): Promise<string> {
  const icon = bubble(window, text).locator(".tick");
  return (await icon.count()) === 0 ? "" : ((await icon.getAttribute("class")) ?? "").slice(10);
}

/** Opens the menu of a message and picks from it. */
export async function pick(page: Page, text: string, item: string): Promise<void> {
  await bubble(page, text).locator(".bubble").click({ button: "right" });
  await page.getByRole("dialog").getByRole("button", { name: item, exact: true }).click();
}

/** What can be read or tapped, and has something lying over its middle. */
export function covered(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, .chat-name, .row, .message .words, h1")]
      .filter((each) => each.checkVisibility({ opacityProperty: true }))
      .filter((each) => !each.closest(".skips, .hidden"))
      .filter((each) => {
        const { left, top, width, height } = each.getBoundingClientRect();
        const [x, y] = [left + width / 2, top + height / 2];
        const over = document.elementFromPoint(x, y);
        const seen = x > 0 && y > 0 && x < innerWidth && y < innerHeight;
        return seen && !each.contains(over) && over?.contains(each) !== true;
      })
      .map((each) => each.className || (each.textContent ?? "")),
  );
}

/** The service worker has kept the page, and looks after this tab. */
export async function installed(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    while (navigator.serviceWorker.controller === null) await new Promise((r) => setTimeout(r, 20));
  });
}
