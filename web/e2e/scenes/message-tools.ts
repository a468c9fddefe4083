/** What can be done to a message besides answering it: any emoji, passing on, choosing several, who has read it. */
import type { Locator, Page, Person } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import {
  bubble,
  eventually,
  field,
  newGroup,
  pick,
  row,
  say,
  signUp,
  talkTo,
  texts,
} from "../steps.ts";

export async function emoji(stage: Stage): Promise<void> {
  const [ann, , [, bobName]] = await stage.two();
  const { page } = ann;
  await talkTo(page, bobName);
  await say(page, "Noodles?");
  await bubble(page, "Noodles?").locator(".tick-stored, .tick-delivered").waitFor();
  await pick(page, "Noodles?", "More reactions");
  const picker = page.getByRole("dialog");
  await picker.getByPlaceholder("Search emoji").fill("steaming bowl");
  await picker.getByRole("button", { name: "steaming bowl" }).waitFor();
  await page.keyboard.press("Enter");
  await eventually("it is a reaction", 1, () =>
    bubble(page, "Noodles?").locator(".reactions", { hasText: "🍜" }).count(),
  );
  await page.getByRole("button", { name: "Emoji" }).click();
  await picker.getByRole("button", { name: "steaming bowl" }).first().click();
  await eventually("and a letter", "🍜", () => field(page).inputValue());
  await field(page).fill("ab");
  await field(page).press("ArrowLeft");
  await page.getByRole("button", { name: "Emoji" }).click();
  await picker.getByRole("button", { name: "steaming bowl" }).first().click();
  await eventually("where the caret stands", "a🍜b", () => field(page).inputValue());
  await field(page).fill("");
  await field(page).press("Alt+ArrowUp");
  await eventually("a key of the page's edits nothing", 0, () => page.locator(".mode").count());
  await hanging(page);
}

/** The picker hangs on its button, inside the window; Escape, its button and a press elsewhere close it. */
async function hanging(page: Page): Promise<void> {
  const button = page.getByRole("button", { name: "Emoji" });
  const picker = page.getByRole("dialog", { name: "Emoji" });
  const focused = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? null);
  await eventually("the field has the focus again", "Write a message", focused);
  for (const size of [
    { width: 1280, height: 800 },
    { width: 700, height: 420 },
  ]) {
    await page.setViewportSize(size);
    await button.click();
    await picker.getByRole("button", { name: "grinning face", exact: true }).waitFor();
    const [box, at] = [await picker.boundingBox(), await button.boundingBox()];
    if (!box || !at) throw new Error("nothing hangs");
    const inside = box.x >= 0 && box.y >= 0;
    await eventually("it is inside, and beside its button", [true, true, true], () => [
      inside && box.x + box.width <= size.width && box.y + box.height <= size.height,
      Math.abs(box.x + box.width - at.x - at.width) < 2,
      size.height < 500 || Math.abs(at.y - box.y - box.height) < 12,
    ]);
    await page.keyboard.press("Escape");
    await picker.waitFor({ state: "hidden" });
    await eventually("the focus is back", "Emoji", focused);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await button.click();
  await picker.waitFor();
  await button.click();
  await eventually("its button closes it", 0, () => picker.count());
  await button.click();
  await picker.waitFor();
  await page.locator(".chat-head").click({ position: { x: 400, y: 20 } });
  await eventually("a press elsewhere closes it", 0, () => picker.count());
}

export async function passingOn(stage: Stage): Promise<void> {
  const [ann, bob, [, bobName]] = await stage.two();
  const { page } = ann;
  await newGroup(page, "Tea club", [bobName]);
  for (const text of ["one", "two", "three"]) await say(page, text);
  await eventually("all are there", ["one", "two", "three"], () => texts(page));
  await row(bob.page, "Tea club").click();
  await eventually("Bob has them", ["one", "two", "three"], () => texts(bob.page));

  await eventually("who has read it is told", 1, async () => {
    const menu = page.getByRole("dialog", { name: "Message options" });
    await bubble(page, "one").locator(".bubble").click({ button: "right" });
    await menu.waitFor();
    const told = await menu.getByRole("button", { name: "Read by 1 of 1" }).count();
    if (told > 0) return told;
    await page.keyboard.press("Escape");
    await menu.waitFor({ state: "hidden" });
    return told;
  });
  await page.getByRole("button", { name: "Read by 1 of 1" }).click();
  await page.getByRole("dialog").getByText("Bob").waitFor();
  await page.keyboard.press("Escape");

  await pick(page, "one", "Select");
  await bubble(page, "three").click();
  await page.getByText("2 selected").waitFor();
  await page.getByRole("button", { name: "Forward" }).click();
  await page.getByRole("dialog").getByText("Tea club").click();
  const send = page.getByRole("dialog").getByRole("button", { name: "Send", exact: true });
  await send.evaluate((button: HTMLElement) => (button.click(), button.click()));
  await eventually(
    "both are passed on, in order, once",
    ["one", "two", "three", "one", "three"],
    () => texts(bob.page),
  );
  await pick(page, "two", "Select");
  await page.getByRole("button", { name: "Delete for me" }).click();
  await eventually("and one is gone", ["one", "three", "one", "three"], () => texts(page));
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually("and back", ["one", "two", "three", "one", "three"], () => texts(page));
}

/** A finger that pulls a message to the left answers it; one that goes up and down does not. */
export async function swiping(stage: Stage): Promise<void> {
  const ann = await stage.person({ phone: true });
  const { page } = ann;
  const username = `ann-${crypto.randomUUID().slice(0, 8)}`;
  await signUp(page, stage.url, username, "Ann");
  await talkTo(page, username);
  await field(page).fill("pull me");
  await page.getByRole("button", { name: "Send" }).click();
  await bubble(page, "pull me").locator(".tick-stored").waitFor();
  await drag(ann, "pull me", [-5, -80]);
  await eventually("going up answers nothing", 0, () => page.locator(".mode").count());
  await drag(ann, "pull me", [-90, 4]);
  await page.locator(".mode", { hasText: "Reply to you" }).waitFor();
  await holding(ann);
}

/** A long press opens the menu; the keyboard that it sends away leaves it open, a turned phone does not. */
async function holding({ page, context }: Person): Promise<void> {
  await page.setViewportSize({ width: 390, height: 500 });
  const box = await bubble(page, "pull me").locator(".bubble").boundingBox();
  if (!box) throw new Error("there is nothing to press");
  const touch = await context.newCDPSession(page);
  const point = { x: box.x + 5, y: box.y + 5 };
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [point] });
  const menu = page.getByRole("dialog", { name: "Message options" });
  await menu.waitFor();
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  const resized = page.evaluate(
    () => new Promise((done) => addEventListener("resize", done, { once: true })),
  );
  await page.setViewportSize({ width: 390, height: 844 });
  await resized;
  await eventually("it is still open", 1, () => menu.count());
  await page.setViewportSize({ width: 844, height: 390 });
  await eventually("it is closed", 0, () => menu.count());
}

async function drag(person: Person, text: string, way: [number, number]): Promise<void> {
  await dragOn(person, bubble(person.page, text).locator(".bubble"), way);
}

/** A finger goes from the middle of something so many pixels to the right and down. */
export async function dragOn(
  { page, context }: Person,
  place: Locator,
  [x, y]: [number, number],
): Promise<void> {
  const box = await place.boundingBox();
  if (!box) throw new Error("there is nothing to drag");
  const touch = await context.newCDPSession(page);
  const at = (share: number): { x: number; y: number } => ({
    x: box.x + box.width / 2 + x * share,
    y: box.y + box.height / 2 + y * share,
  });
  await touch.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints: [at(0)] });
  for (let step = 1; step <= 6; step += 1) {
    await touch.send("Input.dispatchTouchEvent", {
      type: "touchMove",
      touchPoints: [at(step / 6)],
    });
  }
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
}
