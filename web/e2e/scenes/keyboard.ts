/** The whole of a talk without a mouse. */
import type { Page } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { bubble, eventually, field, row, texts } from "../steps.ts";

export async function keysOnly(stage: Stage): Promise<void> {
  stage.expectProblem(/404/);
  const [ann, bob, [annName, bobName]] = await stage.two();
  const { page } = ann;
  const other = await stage.device(bobName);
  const me = await other.users.find(annName);
  if (!me) throw new Error("Bob does not find Ann");
  const channel = other.direct(me.user_id);
  await other.send(channel, "first");
  await other.send(channel, "second");
  await row(page, "Bob").waitFor();

  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").waitFor();
  await page.keyboard.type("bo");
  await page.getByRole("option", { name: "Bob" }).waitFor();
  await page.keyboard.press("Enter");
  await focused(page, "the field has the focus", "field-text");
  await page.keyboard.type("hello");
  await page.keyboard.press("Enter");
  await eventually("it is sent", ["first", "second", "hello"], () => texts(page));
  await bubble(page, "hello").locator(".tick-stored, .tick-delivered, .tick-read").waitFor();
  await page.keyboard.press("ArrowUp");
  await eventually("it is in the field", "hello", () => field(page).inputValue());
  await page.keyboard.type(" there");
  await page.keyboard.press("Enter");
  await eventually("and edited", ["first", "second", "hello there"], () => texts(page));

  await bubble(page, "hello there").locator(".tick-stored, .tick-delivered").waitFor();
  await page.keyboard.press("Shift+Tab");
  await untilFocused(page, "message", "Shift+Tab");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await eventually("a reaction is given", 1, () =>
    bubble(page, "second").locator(".reactions").count(),
  );
  await page.keyboard.press("Alt+w");
  await focused(page, "back in the field", "field-text");

  await page.keyboard.press("Escape");
  await focused(page, "out of the chat, on its row", "row");
  await page.keyboard.press("Shift+F10");
  await page.getByRole("button", { name: "Pin to the top" }).waitFor();
  await page.keyboard.press("Enter");
  await row(page, "Bob").getByTitle("Pinned").waitFor();
  await eventually("the menu is gone", 0, () => page.getByRole("dialog").count());
  await page.keyboard.press("Alt+ArrowDown");
  await field(page).waitFor();
  await page.keyboard.press("Control+f");
  await page.getByRole("searchbox").waitFor();
  await page.keyboard.type("first");
  await page.locator(".hit").waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await focused(page, "on the message that was found", "message");
  await skipping(bob.page);
}

/** The first stops of the page lead past what stands before them. */
async function skipping(page: Page): Promise<void> {
  await row(page, "Ann").click();
  await field(page).waitFor();
  await page.evaluate(() => {
    (document.activeElement as HTMLElement | null)?.blur();
    getSelection()?.removeAllRanges();
    document.body.tabIndex = -1;
    document.body.focus();
  });
  await page.keyboard.press("Tab");
  await eventually("the first stop leads to the chats", "Skip to the chats", () =>
    page.evaluate(() => document.activeElement?.textContent ?? ""),
  );
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await focused(page, "the third to writing", "field-text");
}

const focused = (page: Page, what: string, name: string): Promise<void> =>
  eventually(what, true, () =>
    page.evaluate((wanted) => document.activeElement?.classList.contains(wanted) === true, name),
  );

async function untilFocused(page: Page, name: string, key: string): Promise<void> {
  for (let stops = 0; stops < 8; stops += 1) {
    const here = await page.evaluate(
      (wanted) => document.activeElement?.classList.contains(wanted) === true,
      name,
    );
    if (here) return;
    await page.keyboard.press(key);
  }
  throw new Error(`no ${name} within eight stops`);
}
