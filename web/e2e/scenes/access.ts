/** Axe finds nothing in any of the main views, in light, dark and high contrast; nothing is lost at 320 px and 200 %. */
import { check, loadAxe } from "../axe.testing.ts";
import type { Page } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { bubble, eventually, newGroup, pick, row, say, talkTo } from "../steps.ts";

export async function axeOnAll(stage: Stage): Promise<void> {
  stage.expectProblem(/404/);
  const [ann, , [, bobName]] = await stage.two();
  const { page } = ann;
  await loadAxe(page);
  await check(page, "no chats");
  await newGroup(page, "Tea club", [bobName]);
  await talkTo(page, bobName);
  await say(page, "hello");
  await say(page, "see https://example.com");
  await say(page, "나중에 보자 😄");
  await bubble(page, "나중에").locator(".tick-stored, .tick-delivered").waitFor();
  await pick(page, "hello", "React with ❤️");
  await pick(page, "hello", "Reply");
  await say(page, "an answer");
  await check(page, "a chat");
  await row(page, "Tea club").click();
  await say(page, "who comes?");
  await bubble(page, "who comes?").locator(".tick-stored, .tick-delivered").waitFor();
  await bubble(page, "who comes?").locator(".bubble").click({ button: "right" });
  await check(page, "the menu of a message");
  await page.getByRole("button", { name: "More reactions" }).click();
  await page.getByRole("button", { name: "grinning face", exact: true }).waitFor();
  await check(page, "the emoji");
  await page.keyboard.press("Escape");
  await pick(page, "who comes?", "Forward");
  await check(page, "passing on");
  await page.keyboard.press("Escape");
  await pick(page, "who comes?", "Select");
  await check(page, "choosing messages");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").waitFor();
  await check(page, "the switcher");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+Shift+f");
  await page.getByRole("searchbox").fill("hello");
  await page.locator(".hit").waitFor();
  await check(page, "the search");
  await page.keyboard.press("Escape");
  await row(page, "Bob").click({ button: "right" });
  await page.getByRole("button", { name: "Pin to the top" }).waitFor();
  await check(page, "the menu of a chat");
}

/** WCAG 1.4.10: as wide as 320 px, nothing is cut off at the side; the same at 200 % on a small window. */
export async function narrow(stage: Stage): Promise<void> {
  const [ann, , [, bobName]] = await stage.two();
  const { page } = ann;
  await talkTo(page, bobName);
  await say(page, `${"long ".repeat(30)}https://example.com/${"a".repeat(90)}`);
  await bubble(page, "long").waitFor();
  await page.setViewportSize({ width: 320, height: 568 });
  await fits(page, "a chat");
  await targets(page);
  await page.getByRole("button", { name: "Back" }).click();
  await row(page, "Bob").waitFor();
  await fits(page, "the list");
  await targets(page);
}

function fits(page: Page, view: string): Promise<void> {
  return eventually(`${view} fits`, [], () =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>("#app *")]
        .filter((each) => each.checkVisibility() && !each.closest(".hidden, .skips"))
        .filter((each) => each.getBoundingClientRect().right > innerWidth + 1)
        .map((each) => each.className),
    ),
  );
}

/** WCAG 2.5.8: whatever can be pressed is at least 24 px in both directions; links within a text are excepted. */
function targets(page: Page): Promise<void> {
  return eventually("everything can be hit", [], () =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>("button, input, select, textarea")]
        .filter((each) => each.checkVisibility() && !each.closest(".hidden, .skips, [hidden]"))
        .filter((each) => {
          const { width, height } = each.getBoundingClientRect();
          return width > 0 && (width < 24 || height < 24);
        })
        .map((each) => each.className),
    ),
  );
}
