import type { Stage } from "../page.browser.ts";
import { eventually, newGroup, PASSWORD, row, say, texts } from "../steps.ts";

/** Whoever follows a link signs up, is shown around, and lands where the link leads. */
export async function invited(stage: Stage): Promise<void> {
  const [ann, , [annName]] = await stage.two();
  const guest = await stage.person();
  const { page } = guest;
  await page.goto(`${stage.url}/?with=${annName}`);
  await page.getByText("You have been invited.").waitFor();
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Guest");
  await page.getByLabel("Username").fill(`guest-${annName}`);
  const password = page.getByRole("textbox", { name: "Password" });
  await password.fill(PASSWORD);
  await page.getByRole("button", { name: "Show password" }).click();
  await eventually("the password can be read", "text", () => password.getAttribute("type"));
  await page.getByRole("button", { name: "Sign up" }).click();

  const dialog = page.getByRole("dialog");
  await dialog.getByRole("heading", { name: "How others see you" }).waitFor();
  await dialog.getByLabel("Name", { exact: true }).fill("Gus");
  await dialog.getByRole("button", { name: "Next" }).click();
  await dialog.getByRole("img", { name: "QR code of the link" }).waitFor();
  await dialog.getByRole("button", { name: "Next" }).click();
  await dialog.getByText("Ann would like to talk with you here.").waitFor();
  await dialog.getByRole("button", { name: "Say hello" }).click();
  await page.locator(".chat-name", { hasText: "Ann" }).waitFor();
  await say(page, "hello Ann");
  await row(ann.page, "Gus").click();
  await eventually("the name is the one chosen last", ["hello Ann"], () => texts(ann.page));
  await page.reload();
  await page.locator(".chat-name", { hasText: "Ann" }).waitFor();
  await eventually("nobody is shown around twice", 0, () => page.getByRole("dialog").count());
}

/** Whoever has seen it all begins with a button that says so; nothing of it asks for more. */
export async function shownAround(stage: Stage): Promise<void> {
  const { page } = await stage.person({ phone: true });
  await page.goto(stage.url);
  await page.getByRole("button", { name: "Sign up" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Guest");
  await page.getByLabel("Username").fill(`guest-${crypto.randomUUID().slice(0, 8)}`);
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign up" }).click();
  const dialog = page.getByRole("dialog");
  const next = dialog.getByRole("button", { name: "Next" });
  const atFoot = async (): Promise<boolean> => {
    const box = await next.boundingBox();
    const { height = 0 } = page.viewportSize() ?? {};
    return box !== null && box.y + box.height > height - 30;
  };
  await dialog.getByText("Step 1 of 3").waitFor();
  await eventually("the way on stands at the foot", true, atFoot);
  await next.click();
  await dialog.getByRole("img", { name: "QR code of the link" }).waitFor();
  await eventually("it stays there", true, atFoot);
  await next.click();
  await dialog.getByText("Step 3 of 3").waitFor();
  await eventually("no way out is a refusal", 0, () => dialog.getByText("Not now").count());
  await dialog.locator(".button.primary", { hasText: "Start chatting" }).click();
  await page.getByRole("heading", { name: "Chats" }).waitFor();
  await eventually("it is over", 0, () => dialog.count());
}

/** A link lets people into a group; one that leads nowhere says so. */
export async function invitedToGroup(stage: Stage): Promise<void> {
  const [ann, bob, [, bobName]] = await stage.two();
  const [carol] = await stage.two();
  stage.expectProblem(/404/);
  await newGroup(ann.page, "Tea club", [bobName]);
  await ann.page.locator(".chat-title").click();
  await ann.page.getByRole("button", { name: "Invitation" }).click();
  const url = `http://${(await ann.page.locator(".link-url").innerText()).trim()}`;
  await ann.page.getByRole("img", { name: "QR code of the link" }).waitFor();
  await ann.page.goBack();
  await ann.page.locator(".tile").first().waitFor();

  await carol.page.goto(url);
  const dialog = carol.page.getByRole("dialog");
  await dialog.getByText("Ann invites you · 2 members").waitFor();
  await dialog.getByRole("button", { name: "Join group" }).click();
  await carol.page.locator(".chat-name", { hasText: "Tea club" }).waitFor();
  await row(bob.page, "Tea club").click();
  await bob.page.locator(".chat-name", { hasText: "3 members" }).waitFor();

  await carol.page.goto(`${url}x`);
  await dialog.getByText("This invitation is over").waitFor();
}
