/** Chats that are long: paging without a jump, jumping with a way back, and staying quick. */
import type { ChannelId, Client } from "@damso/sdk";
import type { Locator, Page } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { bubble, eventually, field, newGroup, row, say } from "../steps.ts";

const PAGES = 50;
const ALL = 5000;
const BATCH = 250;

async function fill(client: Client, channel: ChannelId, from: number, to: number): Promise<void> {
  for (let next = from; next <= to; next += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, to - next + 1) }, (_, n) => next + n);
    await Promise.all(
      numbers.map((n) => client.send(channel, `line ${n}.${"\nand more".repeat(n % 4)}`)),
    );
  }
}

/** The number in the first row that is wholly in sight, and where its upper edge stands. */
type Place = { seq: number; top: number };

function topmost(scroller: Locator): Promise<Place> {
  return scroller.evaluate((box) => {
    const edge = box.getBoundingClientRect().top;
    for (const each of box.querySelectorAll<HTMLElement>("[data-seq]")) {
      const { top } = each.getBoundingClientRect();
      if (top >= edge) return { seq: Number(each.dataset["seq"]), top };
    }
    throw new Error("no message is in sight");
  });
}

const topOf = (scroller: Locator, seq: number): Promise<number | undefined> =>
  scroller.evaluate(
    (box, wanted) =>
      box.querySelector(`[data-seq="${wanted}"]`)?.getBoundingClientRect().top ?? undefined,
    seq,
  );

export async function prepending(stage: Stage): Promise<void> {
  const [ann, , [annName, bobName]] = await stage.two();
  const { page } = ann;
  const bob = await stage.device(bobName);
  const me = await bob.users.find(annName);
  if (me === undefined) throw new Error("Bob does not find Ann");
  const channel = bob.direct(me.user_id);
  await fill(bob, channel, 1, ALL);
  await eventually("Ann has them all", true, async () =>
    (await row(page, "Bob").locator(".preview").innerText()).startsWith(`line ${ALL}`),
  );
  await row(page, "Bob").click();
  await page.locator(".scroller [data-seq]").first().waitFor();
  await page.getByRole("button", { name: /To the newest/ }).click();
  await bubble(page, `line ${ALL}.`).waitFor();
  await upwards(page);
  await typing(page);
}

/** Fifty pages up: a row in sight stays where it is, to the pixel, whatever is put above it or let go below. */
async function upwards(page: Page): Promise<void> {
  const scroller = page.locator(".scroller");
  let moved = 0;
  for (let pages = 0; pages < PAGES; pages += 1) {
    const first = await firstSeq(scroller);
    await scroller.evaluate((box) => {
      const [top] = box.querySelectorAll("[data-seq]");
      // Near enough to the upper end that the next page is asked for, with rows above still to be seen.
      box.scrollTop +=
        (top?.getBoundingClientRect().top ?? 0) + 300 - box.getBoundingClientRect().top;
    });
    const { seq, top } = await topmost(scroller);
    await eventually(
      `page ${pages + 1} is loaded`,
      true,
      async () => (await firstSeq(scroller)) < first,
    );
    moved = Math.max(moved, Math.abs(((await topOf(scroller, seq)) ?? Infinity) - top));
  }
  if (moved > 1) throw new Error(`the text moved by ${moved} pixels`);
  const drawn = await scroller.locator("[data-seq]").count();
  if (drawn > 200) throw new Error(`${drawn} messages are drawn`);
}

function firstSeq(scroller: Locator): Promise<number> {
  return scroller
    .locator("[data-seq]")
    .first()
    .getAttribute("data-seq")
    .then((seq) => Number(seq));
}

/** Writing goes on in a long chat; how fast is for `bench:web`, because a busy machine says nothing of it. */
async function typing(page: Page): Promise<void> {
  await page.getByRole("button", { name: "To the newest message" }).click();
  await bubble(page, `line ${ALL}.`).waitFor();
  await field(page).pressSequentially("quick as ever", { delay: 60 });
  await field(page).press("Enter");
  await bubble(page, "quick as ever")
    .locator(".tick-stored, .tick-delivered, .tick-read")
    .waitFor();
}

export async function jumping(stage: Stage): Promise<void> {
  const [ann, bob, [annName, bobName]] = await stage.two();
  const { page } = ann;
  await newGroup(page, "Long club", [bobName]);
  const other = await stage.device(bobName);
  const found = () => other.channels().find(({ name }) => name === "Long club");
  await eventually("Bob is in the group", true, () => found() !== undefined);
  const group = found();
  const me = await other.users.find(annName);
  if (!group || !me) throw new Error("Bob is not in the group");
  const began = await other.send(group.id, "where it all began");
  await fill(other, group.id, 1, 300);
  await say(page, "hello");
  await row(bob.page, "Long club").click();
  await bubble(bob.page, "hello").waitFor({ state: "attached" });
  await other.send(group.id, "an answer", { reply_to: began.seq });

  await bubble(page, "an answer").locator(".quote").click();
  await bubble(page, "where it all began").waitFor();
  await eventually("it is in sight", true, () => inSight(page, "where it all began"));
  await page.getByRole("button", { name: "Back to where you were" }).click();
  await eventually("and back", true, () => inSight(page, "an answer"));

  await page.locator(".scroller").evaluate((box) => {
    box.scrollTop = -600;
  });
  await eventually("the day is shown meanwhile", "Today", () =>
    page.locator(".day-float.shown").innerText(),
  );
  await fill(other, group.id, 301, 360);
  await other.send(group.id, "@Ann look", { mentions: [me.user_id] });
  await fill(other, group.id, 361, 420);
  await page.getByRole("button", { name: "To your mention" }).click();
  await eventually("the mention is in sight", true, () => inSight(page, "@Ann look"));
  await page.getByRole("button", { name: /To the newest message/ }).click();
  await eventually("and the end", true, () => inSight(page, "line 420."));
  await eventually("nothing is unread", 0, () => row(page, "Long club").locator(".badge").count());
}

async function inSight(page: Page, text: string): Promise<boolean> {
  const [one, box] = await Promise.all([
    bubble(page, text).boundingBox(),
    page.locator(".scroller").boundingBox(),
  ]);
  return !!one && !!box && one.y >= box.y && one.y + one.height <= box.y + box.height;
}
