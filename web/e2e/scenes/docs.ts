import type { Stage } from "../page.browser.ts";
import type { Page } from "../browser.testing.ts";
import { eventually } from "../steps.ts";

const pane = (page: Page, index: number) => page.locator(".pane").nth(index);
const types = (page: Page): Promise<string[]> => page.locator(".frame-type").allTextContents();

/** A new direct channel has no history yet, and the page of the two asks for it: that refusal is a frame as well. */
export async function docs(stage: Stage): Promise<void> {
  const { page } = await stage.person();
  await page.goto(`${stage.url}/docs#call-sendMessage`);
  const call = page.locator("#call-sendMessage");
  await eventually("a link opens what it leads to", true, () =>
    call.getByText("client_id").first().isVisible(),
  );
  await page.getByRole("searchbox").fill("pin");
  await eventually("a search leaves what it finds", false, () => call.isVisible());
  await page.locator("#call-pin").waitFor();
  await page.getByRole("searchbox").fill("");

  await page.getByRole("button", { name: "Start with two test people" }).click();
  const field = pane(page, 0).getByRole("textbox");
  await field.fill("안녕");
  await field.press("Enter");
  await pane(page, 1).locator(".words", { hasText: "안녕" }).waitFor();
  await eventually("frames of both directions are there", ["send", "sent", "message"], async () => {
    const seen = await types(page);
    return ["send", "sent", "message"].filter((type) => seen.includes(type));
  });
  const hello = page.locator(".frame.out", { hasText: "hello" }).first();
  await hello.locator("summary").click();
  await eventually("no token is shown", true, async () =>
    ((await hello.locator("pre").textContent()) ?? "").includes('"token": "…"'),
  );
  await page.getByRole("button", { name: "Pause" }).click();
  const before = (await types(page)).length;
  await pane(page, 0).getByRole("button", { name: "Edit last" }).click();
  await pane(page, 1).locator("small", { hasText: "edited" }).waitFor();
  await eventually("a pause holds the list still", before, async () => (await types(page)).length);
  await page.getByRole("button", { name: /Go on \(\d+ new\)/ }).click();
  await page.locator(".frame-type", { hasText: "message_updated" }).first().waitFor();
  await page.getByRole("button", { name: /^message_updated/ }).click();
  await eventually("a type is filtered away", 0, () =>
    page.locator(".frame-type", { hasText: "message_updated" }).count(),
  );
  await pane(page, 0).getByRole("button", { name: "Cut the line" }).click();
  await eventually("the client comes back by itself", "online", () =>
    pane(page, 0).locator(".state").innerText(),
  );
  await page.getByRole("button", { name: "End", exact: true }).click();
  await page.getByRole("button", { name: "Start with two test people" }).waitFor();
}

export async function docsOnPhone(stage: Stage): Promise<void> {
  const { page } = await stage.person({ phone: true, locale: "ko-KR" });
  await page.goto(`${stage.url}/docs`);
  await page.getByRole("heading", { name: "빠른 시작" }).waitFor();
  await page.getByRole("button", { name: "시험용 두 사람으로 시작" }).click();
  await pane(page, 0).getByRole("textbox").waitFor();
  const shown = (): Promise<boolean[]> =>
    Promise.all([0, 1].map((index) => pane(page, index).isVisible()));
  await eventually("one side is shown", [true, false], shown);
  await page.getByRole("button", { name: "Sam 쪽" }).click();
  await eventually("the other side is shown", [false, true], shown);
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  if ((widths[0] ?? 0) > (widths[1] ?? 0))
    throw new Error(`the page is too wide: ${widths.join(" > ")}`);
  await page.getByRole("button", { name: "English" }).click();
  await page.getByRole("heading", { name: "Quick start" }).waitFor();
}
