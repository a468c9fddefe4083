/** Finding messages and chats again, and what can be done to a chat from the list. */
import type { Page } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { bubble, eventually, field, newGroup, row, say, talkTo } from "../steps.ts";

const MANY = 140;

export async function searching(stage: Stage): Promise<void> {
  stage.expectProblem(/404/);
  const [ann, , [annName, bobName]] = await stage.two();
  const { page } = ann;
  await newGroup(page, "Tea club", [bobName]);
  const bob = await stage.device(bobName);
  const group = () => bob.channels().find(({ name }) => name === "Tea club");
  await eventually("Bob is in the group", true, () => group() !== undefined);
  const { id } = group() ?? {};
  const me = await bob.users.find(annName);
  if (!id || !me) throw new Error("no group");
  await bob.send(id, "김치찌개 먹으러 갈래?");
  for (let count = 1; count <= 90; count += 1) await bob.send(id, `other things ${count}.`);
  await bob.send(id, "@Ann come along", { mentions: [me.user_id] });
  await bubble(page, "come along").waitFor({ state: "attached" });

  await page.locator(".list-head").getByRole("button", { name: "Search" }).click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("searchbox").fill("찌개");
  await panel.locator(".hit", { hasText: "김치찌개 먹으러 갈래?" }).click();
  await eventually("it is in sight", true, () => inSight(page, "김치찌개"));
  await page.getByRole("button", { name: "Back to where you were" }).click();

  await page.locator(".chat-head").getByRole("button", { name: "Search" }).click();
  await eventually("it is this chat that is searched", "true", () =>
    panel.getByRole("button", { name: "In Tea club" }).getAttribute("aria-pressed"),
  );
  await panel.getByRole("searchbox").fill("no such words");
  await panel.getByText("Nothing was found.").waitFor();
  await panel.getByRole("button", { name: "Mentions of you" }).click();
  await panel.getByRole("searchbox").fill("");
  await panel.locator(".hit", { hasText: "@Ann come along" }).waitFor();
  await panel.getByRole("button", { name: "In all chats" }).click();
  await panel.getByRole("searchbox").fill("tea");
  await panel.getByRole("button", { name: "Tea club" }).first().waitFor();
  await page.keyboard.press("Escape");
  await eventually("it is closed", 0, () => panel.count());

  await page.keyboard.press("Control+f");
  await eventually("the words are kept", "tea", () => panel.getByRole("searchbox").inputValue());
  await page.keyboard.type("찌개");
  await panel.locator(".hit", { hasText: "김치찌개 먹으러 갈래?" }).waitFor();
  await page.keyboard.press("Enter");
  await eventually("Enter leads to the first", true, () => inSight(page, "김치찌개"));
}

async function inSight(page: Page, text: string): Promise<boolean> {
  const box = await bubble(page, text).boundingBox();
  return box !== null && box.y > 0 && box.y < 700;
}

export async function listing(stage: Stage): Promise<void> {
  const [ann, , [annName, bobName]] = await stage.two();
  const { page } = ann;
  await talkTo(page, bobName);
  await say(page, "hello");
  await talkTo(page, annName);
  await say(page, "milk, bread");
  const names = (): Promise<string[]> => page.locator(".row-name").allTextContents();
  await eventually("the newest stands on top", ["Notes to self", "Bob"], names);

  await choose(page, "Bob", "Pin to the top");
  await eventually("what is pinned stands above", ["Bob", "Notes to self"], names);
  await choose(page, "Bob", "Mark as unread");
  await eventually("it is said what it is", ", Marked as unread", () =>
    row(page, "Bob").locator(".badge.marked").innerText(),
  );
  await row(page, "Bob").click();
  await eventually("to open it is to have come back", 0, () =>
    row(page, "Bob").locator(".badge.marked").count(),
  );
  await choose(page, "Bob", "Mute");
  await row(page, "Bob").getByTitle("Muted").waitFor();
  await field(page).fill("half a sentence");
  await row(page, "Notes to self").click();
  await eventually("the draft is told", "Draft: half a sentence", () =>
    row(page, "Bob").locator(".preview").innerText(),
  );
  await choose(page, "Notes to self", "Clear the history");
  await page.getByRole("button", { name: "Clear it for you?" }).click();
  await eventually("the words are gone", 0, () => bubble(page, "milk, bread").count());

  await page.goto(`${stage.url}/?new`);
  await page.getByRole("dialog", { name: "New chat" }).waitFor();
  await eventually("a reload begins no other one", "", () => page.evaluate(() => location.search));
}

async function choose(page: Page, name: string, item: string): Promise<void> {
  await row(page, name).click({ button: "right" });
  await page.getByRole("dialog").getByRole("button", { name: item, exact: true }).click();
}

/** Of a long list only what is in sight is drawn; keys and the wheel reach all of it. */
export async function longList(stage: Stage): Promise<void> {
  const [ann, , [annName]] = await stage.two();
  const { page } = ann;
  const device = await stage.device(annName);
  for (let count = 1; count <= MANY; count += 1) {
    await device.createGroup({ name: `Group ${count}.`, members: [] });
  }
  await row(page, `Group ${MANY}.`).waitFor();
  const drawn = (): Promise<number> => page.locator(".row").count();
  await eventually("few rows are drawn", true, async () => (await drawn()) < 60);
  await page.keyboard.press("Alt+l");
  await page.keyboard.press("End");
  const here = (): Promise<string> =>
    page.evaluate(() => document.activeElement?.querySelector(".row-name")?.textContent ?? "");
  await eventually("End reaches the last", "Group 1.", here);
  await page.keyboard.press("ArrowUp");
  await eventually("and an arrow the one before", "Group 2.", here);
  await page.keyboard.press("Home");
  await eventually("Home the first", `Group ${MANY}.`, here);
  await page.locator(".rows").evaluate((box) => {
    box.scrollTop = box.scrollHeight / 2;
  });
  await eventually("the middle is there", true, () => row(page, `Group ${MANY / 2}.`).isVisible());
  await eventually("the Tab key reaches the list there", 1, () =>
    page.locator('.row[tabindex="0"]').count(),
  );
}
