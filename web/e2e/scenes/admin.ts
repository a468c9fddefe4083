import type { Page } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { ADMIN_TOKEN } from "../server.ts";
import { eventually, signUp } from "../steps.ts";

async function enter(page: Page, url: string, token: string): Promise<void> {
  await page.goto(`${url}/admin`);
  await page.getByLabel("Token").fill(token);
  await page.getByRole("button", { name: "Enter with the token" }).click();
}

export async function admin(stage: Stage): Promise<void> {
  const member = await stage.person();
  const username = `mem-${crypto.randomUUID().slice(0, 8)}`;
  await signUp(member.page, stage.url, username, "Mel");

  const { page } = await stage.person();
  await enter(page, stage.url, "not the token at all");
  await page.getByText("That does not open").waitFor();
  await enter(page, stage.url, ADMIN_TOKEN);
  await page.getByRole("heading", { name: "Nodes" }).waitFor();
  await eventually("everything answers", true, async () => {
    const checks = await page.locator(".check").count();
    return checks === 5 && checks === (await page.locator(".check.ok").count());
  });
  await page.locator(".tile", { hasText: "Messages" }).getByText("/s").waitFor();

  await page.getByRole("link", { name: "Users" }).click();
  await page.getByRole("searchbox").fill(username);
  await page.locator(".people li").first().waitFor();
  await eventually("a search finds one", 1, () => page.locator(".people li").count());
  await page.getByRole("link", { name: `@${username}` }).click();
  await page.locator(".devices li").first().waitFor();
  await page.getByRole("button", { name: "Disable" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Disable" }).click();
  await page.getByText("No session.").waitFor();
  await page.getByRole("button", { name: "Enable" }).click();
  await page.getByRole("button", { name: "Disable" }).waitFor();

  await page.getByRole("link", { name: "Log", exact: true }).click();
  await page.getByLabel("debug: everything").check();
  await page.getByText("Done.").waitFor();
  await page.reload();
  await eventually("the level stays, and so does who asked", true, () =>
    page.getByLabel("debug: everything").isChecked(),
  );
  await page.getByLabel("info: what happens").check();
  await page.getByText("Done.").waitFor();
  await page.getByRole("button", { name: "Leave" }).click();
  await page.getByLabel("Token").waitFor();
  // The member's page notices that its session was ended.
  stage.expectProblem(/401|WebSocket/);
}

export async function adminOnPhone(stage: Stage): Promise<void> {
  const { page } = await stage.person({ phone: true, locale: "ko-KR" });
  await page.goto(`${stage.url}/admin`);
  await page.getByLabel("토큰").fill(ADMIN_TOKEN);
  await page.getByRole("button", { name: "토큰으로 들어가기" }).click();
  await page.getByRole("heading", { name: "노드" }).waitFor();
  const widths = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  if ((widths[0] ?? 0) > (widths[1] ?? 0)) throw new Error(`too wide: ${widths.join(" > ")}`);
  await page.getByRole("link", { name: "대화방" }).click();
  await page.getByRole("searchbox").fill("g1900000000000000001");
  await page.getByRole("button", { name: "찾기" }).click();
  stage.expectProblem(/404/);
  await page.getByText("그런 것이 없어요.").waitFor();
}
