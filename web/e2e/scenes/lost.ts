/** A mistyped address: a page in the visitor's language, with a way to the app. */
import { check, loadAxe } from "../axe.testing.ts";
import type { Stage } from "../page.browser.ts";
import { eventually } from "../steps.ts";

export async function lost(stage: Stage): Promise<void> {
  stage.expectProblem(/404/);
  const { page } = await stage.person();
  const answer = await page.goto(`${stage.url}/chatss/today`);
  await eventually("it is not found", 404, () => answer?.status());
  await page.getByRole("heading", { name: "Nothing is here" }).waitFor();
  await loadAxe(page);
  await check(page, "an address that leads nowhere");
  await page.getByRole("link", { name: "Open Damso" }).click();
  await page.getByRole("link", { name: "Try it" }).waitFor();

  const guest = await stage.person({ phone: true, locale: "ko-KR" });
  await guest.page.goto(`${stage.url}/한담`);
  await guest.page.getByRole("link", { name: "담소 열기" }).click();
  await guest.page.getByRole("link", { name: "체험하기" }).waitFor();
}
