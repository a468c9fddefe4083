/** Several tabs of one browser. */
import type { Page } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { eventually, field, row, say, talkTo, texts } from "../steps.ts";

const bar = (page: Page): Promise<string> => page.locator(".bar").innerText();

/** In the order of the alphabet: two tabs that send at once are not in any order. */
const sorted = async (page: Page): Promise<string[]> => (await texts(page)).toSorted();

export async function manyTabs(stage: Stage): Promise<void> {
  const [ann, bob, [, bobName]] = await stage.two();
  const { page, context } = ann;
  let sockets = 0;
  await talkTo(page, bobName);
  const second = await context.newPage();
  second.on("websocket", () => (sockets += 1));
  await second.goto(page.url());
  await field(second).waitFor();
  await say(second, "from the second tab");
  await say(page, "from the first tab");
  const both = ["from the first tab", "from the second tab"];
  await row(bob.page, "Ann").click();
  for (const where of [page, second, bob.page]) {
    await eventually("both are everywhere", both, () => sorted(where));
  }
  await eventually("both tabs are connected", ["", ""], () =>
    Promise.all([bar(page), bar(second)]),
  );
  await eventually("the second tab has opened no socket", 0, () => sockets);
  await page.close();
  await say(second, "and now alone");
  const all = ["and now alone", ...both];
  await eventually("the second tab goes on", all, () => sorted(bob.page));
  await eventually("with a socket of its own", 1, () => sockets);
  await second.reload();
  await eventually("and keeps everything", all, () => sorted(second));
}

export async function nothingLeft(stage: Stage): Promise<void> {
  const [ann, bob, [, bobName]] = await stage.two();
  const { page, context } = ann;
  await talkTo(page, bobName);
  await say(page, "secret");
  const second = await context.newPage();
  await second.goto(stage.url);
  await row(second, "Bob").waitFor();
  await field(page).press("Escape");
  await row(bob.page, "Ann").click();
  await say(bob.page, "unread");
  await eventually("it is unread", "(1) Damso", () => second.title());
  await page.getByRole("button", { name: "Settings: Ann" }).click();
  await page.getByRole("button", { name: "Log out" }).first().click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Log out" }).click();
  for (const where of [page, second]) {
    await eventually("nobody is signed in", 0, () => where.locator(".home").count());
    await eventually("nobody has anything unread", "Damso", () => where.title());
    await eventually("no database is left", [], () =>
      where.evaluate(async () => (await indexedDB.databases()).map(({ name }) => name)),
    );
  }
  const keys = await page.evaluate(() => Object.keys(localStorage));
  const personal = keys.filter((key) => !/^damso\.(language|look|keys)$/.test(key));
  if (personal.length > 0) throw new Error(`left behind: ${personal.join(", ")}`);
}
