import type { Stage } from "../page.browser.ts";
import { bubble, eventually, field, newGroup, row, say, texts } from "../steps.ts";

export async function group(stage: Stage): Promise<void> {
  const [ann, bob, [, bobName]] = await stage.two();
  const [, , [carolName]] = await stage.two();
  const { page } = ann;
  await newGroup(page, "Tea club", [bobName]);
  await page.locator(".chat-name", { hasText: "2 members" }).waitFor();

  await field(page).pressSequentially("@b");
  await page.getByRole("option", { name: "Bob" }).waitFor();
  await field(page).press("Enter");
  await field(page).pressSequentially("welcome");
  await field(page).press("Enter");
  await eventually("the mention is written out", ["@Bob welcome"], () => texts(page));
  await eventually("Bob is told", 1, () => row(bob.page, "Tea club").locator(".badge.at").count());
  await eventually("and by whom", "Ann: @Bob welcome", () =>
    row(bob.page, "Tea club").locator(".preview").innerText(),
  );
  await row(bob.page, "Tea club").click();
  await bob.page.locator(".system", { hasText: "Ann started “Tea club”" }).waitFor();
  await say(bob.page, "Thank you");
  await eventually("Ann sees who wrote", "Bob", () => page.locator(".author").last().innerText());
  await eventually("the mention is marked", "@Bob", () =>
    bubble(bob.page, "welcome").locator(".mention").innerText(),
  );

  await page.locator(".chat-title").click();
  const panel = page.getByRole("dialog");
  await panel.getByLabel("Name of the group", { exact: true }).fill("Coffee club");
  await panel.getByRole("button", { name: "Rename" }).click();
  await bob.page.locator(".chat-name", { hasText: "Coffee club" }).waitFor();
  await panel.getByRole("button", { name: "Bob" }).click();
  await panel.getByRole("button", { name: "Make admin" }).click();
  await panel.getByRole("button", { name: "Make member" }).waitFor();
  await panel.getByRole("button", { name: "Back" }).click();
  await panel.locator(".role", { hasText: "Admin" }).waitFor();
  await panel.getByRole("button", { name: "Add members" }).click();
  await panel.getByLabel("Name or username").fill(carolName);
  await panel.getByRole("button", { name: `Find @${carolName}` }).click();
  await panel.getByRole("button", { name: "Add 1 person" }).click();
  await panel.getByText("3 members").first().waitFor();
  await panel.getByRole("button", { name: "Close" }).click();

  await row(bob.page, "Coffee club").click({ button: "right" });
  const asked = bob.page.getByRole("alertdialog");
  await bob.page.getByRole("button", { name: "Leave group" }).click();
  await asked.getByRole("button", { name: "Cancel" }).click();
  await eventually("Bob stays when he thinks again", 1, () => row(bob.page, "Coffee club").count());
  await row(bob.page, "Coffee club").click({ button: "right" });
  await bob.page.getByRole("button", { name: "Leave group" }).click();
  await asked.getByRole("button", { name: "Leave group" }).click();
  await eventually("the chat is gone for Bob", 0, () => row(bob.page, "Coffee club").count());
  await page.locator(".system", { hasText: "Bob left" }).waitFor();
  const stops = page.locator('.items [tabindex="0"]');
  await eventually("the Tab key reaches the newest message above it", ["Thank you"], () =>
    stops.locator(".words").allTextContents(),
  );
}
