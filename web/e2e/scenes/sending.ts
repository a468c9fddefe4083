/** A message stands in its place from the key that sends it on. */
import type { Page } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { eventually, field, say, talkTo, texts, tick } from "../steps.ts";

const TEXTS = Array.from({ length: 12 }, (_, index) => `message ${index + 1}.`);
/** The frame of the key, and the one in which the page draws. */
const FRAMES_MAX = 2;

type Watched = { orders: string[]; frames: number[] };

/** Notes the messages after every change of the list, and how many frames after its key each came. */
function watch(page: Page): Promise<void> {
  return page.evaluate(() => {
    const watched: Watched = { orders: [], frames: [] };
    Object.assign(globalThis, { watched });
    let frame = 0;
    let pressed: number | undefined;
    const count = (): void => {
      frame += 1;
      requestAnimationFrame(count);
    };
    count();
    document.addEventListener(
      "keydown",
      ({ key }) => void (key === "Enter" && (pressed = frame)),
      true,
    );
    new MutationObserver(() => {
      const shown = [...document.querySelectorAll(".items .words")].map((each) => each.textContent);
      const order = shown.join("|");
      if (order === watched.orders.at(-1)) return;
      watched.orders.push(order);
      if (pressed !== undefined) watched.frames.push(frame - pressed);
      pressed = undefined;
    }).observe(document.body, { childList: true, subtree: true, characterData: true });
  });
}

export async function inPlace(stage: Stage): Promise<void> {
  const [ann, , [, bobName]] = await stage.two();
  const { page } = ann;
  await talkTo(page, bobName);
  await say(page, "first");
  await eventually("it is kept", true, async () => (await tick(page, "first")) !== "waiting");
  await watch(page);
  for (const text of TEXTS) {
    await field(page).fill(text);
    await field(page).press("Enter");
  }
  const all = ["first", ...TEXTS];
  await eventually("all are there", all, () => texts(page));
  await eventually("and kept", 0, () => page.locator(".tick-waiting").count());
  const { orders, frames } = await page.evaluate(
    () => (globalThis as unknown as { watched: Watched }).watched,
  );
  const last = all.join("|");
  const jumped = orders.filter((order) => !last.startsWith(order));
  if (jumped.length > 0) throw new Error(`the order was ${jumped.join(" and ")} for a moment`);
  const slow = frames.filter((count) => count > FRAMES_MAX);
  if (slow.length > 0) throw new Error(`drawn only after ${slow.join(", ")} frames`);
}
