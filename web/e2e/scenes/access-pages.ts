/** Axe finds nothing on the pages for developers and for operators either. */
import { check, loadAxe } from "../axe.testing.ts";
import type { Stage } from "../page.browser.ts";
import { ADMIN_TOKEN } from "../server.ts";

export async function axeOnPages(stage: Stage): Promise<void> {
  const { page } = await stage.person();
  await page.goto(`${stage.url}/docs#call-sendMessage`);
  await page.locator("#call-sendMessage h4").first().waitFor();
  await page.getByRole("button", { name: "Start with two test people" }).click();
  await page.locator(".frame summary").first().click();
  await loadAxe(page);
  await check(page, "the page for developers");

  await page.goto(`${stage.url}/admin`);
  await page.getByLabel("Token").waitFor();
  await loadAxe(page);
  await check(page, "the door of the administration");
  await page.getByLabel("Token").fill(ADMIN_TOKEN);
  await page.getByRole("button", { name: "Enter with the token" }).click();
  await page.locator(".tile").first().waitFor();
  await check(page, "the overview");
  await page.getByRole("link", { name: "Users" }).click();
  await page.getByRole("button", { name: "Accounts of demos" }).click();
  await page.locator(".people a", { hasText: "@demo-" }).first().click();
  await page.getByRole("heading", { name: "Sessions" }).waitFor();
  await check(page, "a user");
}
