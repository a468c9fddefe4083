import type { ChannelId, Client } from "@damso/sdk";
import type { Locator, Page } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { bubble, eventually, field, row, say, talkTo, texts } from "../steps.ts";

const topOf = async (place: Locator): Promise<number> => (await place.boundingBox())?.y ?? 0;

export async function scrolling(stage: Stage): Promise<void> {
  const [ann, , [annName, bobName]] = await stage.two();
  const { page } = ann;
  await talkTo(page, bobName);
  const bob = await stage.device(bobName);
  const me = await bob.users.find(annName);
  if (me === undefined) throw new Error("Bob does not find Ann");
  const channel = bob.direct(me.user_id);
  for (let count = 1; count <= 120; count += 1) bob.sendSoon(channel, `line ${count}.`);
  await eventually("all have arrived", "line 120.", async () => (await texts(page)).at(-1) ?? "");

  await bob.open(channel);
  await eventually("all is read", 120, () => bob.receiptsOf(channel).get(me.user_id)?.read);
  await page.reload();
  await bubble(page, "line 120.").waitFor();
  const scroller = page.locator(".scroller");
  await eventually("it opens at the newest", true, () => bubble(page, "line 120.").isVisible());
  await scroller.evaluate((box) => {
    box.scrollTop = -900;
  });
  const mark = bubble(page, "line 104.");
  const before = await topOf(mark);
  await bob.send(channel, "what comes in does not push");
  await page.getByRole("button", { name: "To the newest message, 1 unread" }).waitFor();
  await eventually(
    "the text stays in its place",
    true,
    async () => Math.abs((await topOf(mark)) - before) < 2,
  );

  await eventually("older ones come as one goes up", 1, async () => {
    await scroller.evaluate((box) => {
      box.scrollTop = -box.scrollHeight;
    });
    return bubble(page, "line 40.").count();
  });
  await eventually("up to the first", 1, async () => {
    await scroller.evaluate((box) => {
      box.scrollTop = -box.scrollHeight;
    });
    return page.getByText("This is where your talk begins.").count();
  });
  await eventually("every line is there once", 121, async () => new Set(await texts(page)).size);
  await eventually("and none twice", 121, async () => (await texts(page)).length);
  await page.getByRole("button", { name: "To the newest message" }).click();
  await eventually("the button leads down", 0, () => page.locator(".way-down").count());
  await eventually("and all is read", 0, () => row(page, "Bob").locator(".badge").count());

  await catchingUp(page, bob, channel);
  const long = "가".repeat(100_000);
  await bob.send(channel, long);
  await page.getByRole("button", { name: "Show all (100,000 characters)" }).click();
  await eventually("a long text is fetched as a whole", 100_000, async () =>
    Math.max(...(await texts(page)).map((text) => text.length)),
  );
}

/** Many unread: it opens at the first of them, and the rest is loaded downwards without a jump. */
async function catchingUp(page: Page, bob: Client, channel: ChannelId): Promise<void> {
  await page.getByRole("button", { name: "Settings: Ann" }).click();
  await page.getByRole("button", { name: "Notes to self" }).click();
  for (let count = 1; count <= 120; count += 1) bob.sendSoon(channel, `more ${count}.`);
  const preview = row(page, "Bob").locator(".preview");
  await eventually("all have arrived", "more 120.", () => preview.innerText());
  await row(page, "Bob").click();
  await bubble(page, "more 1.").waitFor();
  const scroller = page.locator(".scroller");
  await eventually("it opens at the first new one", true, async () => {
    const line = await topOf(page.locator("[data-unread]"));
    const box = await topOf(scroller);
    return Math.abs(line - box) < 40;
  });
  for (let reached = 0; reached < 120;) {
    await scroller.hover();
    await page.mouse.wheel(0, 300);
    await Bun.sleep(60);
    const before = reached;
    reached = await newestInSight(scroller);
    if (reached - before > 20) throw new Error(`it jumped from ${before} to ${reached}`);
  }
  await eventually("all is read", 0, () => row(page, "Bob").locator(".badge").count());
}

function newestInSight(scroller: Locator): Promise<number> {
  return scroller.evaluate((box) => {
    const { bottom } = box.getBoundingClientRect();
    const shown = [...box.querySelectorAll(".message")].filter(
      (row) => row.getBoundingClientRect().top < bottom,
    );
    return Number(/\d+/.exec(shown.at(-1)?.textContent ?? "")?.[0] ?? 0);
  });
}

export async function drafts(stage: Stage): Promise<void> {
  const [ann, , [annName, bobName]] = await stage.two();
  const { page } = ann;
  await talkTo(page, bobName);
  await say(page, "hello");
  await field(page).fill("half a sent");
  const other = await stage.device(annName);
  await eventually("her other device has it", "half a sent", () => other.channels()[0]?.draft);
  await page.reload();
  await eventually("it is there again", "half a sent", () => field(page).inputValue());
  await page.getByRole("button", { name: "Settings: Ann" }).click();
  await page.getByRole("button", { name: "Notes to self" }).click();
  await eventually("the list tells of it", "Draft: half a sent", () =>
    row(page, "Bob").locator(".preview").innerText(),
  );
}
