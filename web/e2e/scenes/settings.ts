import { readFile } from "node:fs/promises";
import type { Page } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { eventually, PASSWORD, row, say, talkTo } from "../steps.ts";
import { PNG } from "./picture.ts";

async function openPage(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: /^Settings: / }).click();
  await page.getByRole("button", { name, exact: true }).click();
}

/** A picture, a name and a line are seen by others at once. */
export async function profile(stage: Stage): Promise<void> {
  const [ann, bob, [, bobName]] = await stage.two();
  const { page } = ann;
  await talkTo(page, bobName);
  await say(page, "hello");
  await page.getByRole("button", { name: /^Settings: / }).click();
  await page.getByRole("button", { name: "Profile: Ann" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Annabel");
  await page.getByLabel("About me").fill("on mountains");
  await selecting(page);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved").waitFor();
  await page.locator("dialog input[type=file]").setInputFiles(PNG);
  await page.getByRole("button", { name: "Remove picture" }).waitFor();
  await page.mouse.click(5, 5);
  await page.locator(".face img").waitFor();

  await bob.page.reload();
  await row(bob.page, "Annabel").click();
  await bob.page.locator(".chat-title").click();
  await bob.page.getByText("on mountains").waitFor();
  await eventually("he sees her face", true, () =>
    bob.page
      .locator("dialog .avatar img")
      .evaluate((image) => (image as HTMLImageElement).naturalWidth > 0),
  );
}

/** A mouse that selects a text and is let go beside the dialog closes nothing. */
async function selecting(page: Page): Promise<void> {
  const box = await page.getByLabel("About me").boundingBox();
  if (!box) throw new Error("there is nothing to select");
  await page.mouse.move(box.x + 40, box.y + 10);
  await page.mouse.down();
  await page.mouse.move(5, box.y + 10, { steps: 3 });
  await page.mouse.up();
  await eventually("the text is still there", "on mountains", () =>
    page.getByLabel("About me").inputValue({ timeout: 2000 }),
  );
}

/** Colours, contrast, size of text and language hold on this device, also after a reload. */
export async function look(stage: Stage): Promise<void> {
  const [ann] = await stage.two();
  const { page } = ann;
  const ground = (): Promise<string> =>
    page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const light = await ground();
  await openPage(page, "Appearance");
  await page.getByLabel("Dark").check({ force: true });
  await page.getByRole("slider", { name: "Size of text" }).press("ArrowRight");
  await page.getByRole("switch", { name: /High contrast/ }).check();
  await eventually("the ground is black", "rgb(0, 0, 0)", ground);
  const size = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).fontSize);
  await eventually("the text is larger", "17.92px", size);
  await page.getByRole("button", { name: "Back" }).click();
  await page.getByRole("button", { name: /^Language/ }).click();
  await page.getByLabel("한국어").check({ force: true });
  await page.getByRole("heading", { name: "언어" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "대화" }).waitFor();
  await eventually("it is still so", [true, "17.92px"], async () => [
    (await ground()) !== light,
    await size(),
  ]);
}

/** Who sees that one is online is up to oneself. */
export async function privacy(stage: Stage): Promise<void> {
  const [ann, bob, [annName]] = await stage.two();
  await talkTo(bob.page, annName);
  const told = bob.page.locator(".chat-name small");
  await eventually("she is online", "online", () => told.innerText());
  await openPage(ann.page, "Privacy");
  const audience = ann.page.getByRole("group", { name: "Who sees when I am online" });
  await audience.getByLabel("Nobody").check({ force: true });
  await eventually("and now nobody knows", "offline", () => told.innerText());
}

/** Other devices are logged out, the password is changed, and in the end the account is gone. */
export async function leaving(stage: Stage): Promise<void> {
  const [ann, bob, [annName, bobName]] = await stage.two();
  const { page } = ann;
  stage.expectProblem(/401/);
  await talkTo(page, bobName);
  await say(page, "hello");
  await row(bob.page, "Ann").click();
  const other = await stage.device(annName);
  await openPage(page, "Devices");
  await page.getByText("This device").waitFor();
  await page.getByRole("button", { name: "Log out all others" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Log out" }).click();
  await page.getByText("You are logged in nowhere else.").waitFor();
  await eventually("the other one is out", "closed", () => other.state().name);

  await page.getByRole("button", { name: "Back" }).click();
  await page.getByRole("button", { name: "Account", exact: true }).click();
  await page.getByLabel("Present password").fill("a wrong secret");
  await page.getByLabel("New password").fill("another secret");
  const change = page.getByRole("button", { name: "Change password" });
  await change.click();
  await page.getByText("Username or password is wrong.").waitFor();
  await page.getByLabel("Present password").fill(PASSWORD);
  await change.click();
  await page.getByText("The password is changed.").waitFor();

  await page.getByRole("button", { name: "Delete account" }).click();
  const asked = page.getByRole("alertdialog");
  await asked.getByText("Nothing of this can be undone.").waitFor();
  await asked.getByRole("textbox", { name: "Your password" }).fill("another secret");
  await asked.getByRole("button", { name: "Delete for ever" }).click();
  await page.getByRole("link", { name: "Try it" }).waitFor();
  await bob.page.reload();
  await bob.page.getByText("This account was deleted.").waitFor();
}

/** Everything that one can see is one file. */
export async function exported(stage: Stage): Promise<void> {
  const [ann, , [annName, bobName]] = await stage.two();
  const { page } = ann;
  await talkTo(page, bobName);
  await say(page, "for later");
  await openPage(page, "Storage and data");
  await page.getByText(/ used$/).waitFor();
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Export my data" }).click();
  const path = await (await coming).path();
  await page.getByText("Exported, with 1 message.").waitFor();
  const whole = JSON.parse(await readFile(path, "utf8")) as {
    account: { username: string };
    channels: { messages: { body: string }[] }[];
  };
  const bodies = whole.channels.flatMap(({ messages }) => messages.map(({ body }) => body));
  await eventually("it has all of it", [annName, ["for later"]], () => [
    whole.account.username,
    bodies,
  ]);
}
