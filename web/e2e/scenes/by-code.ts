/** A new device shows a QR code, and one that is logged in lets it in, or does not. */
import { check, loadAxe } from "../axe.testing.ts";
import type { Page, Person } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { eventually, PASSWORD, signUp } from "../steps.ts";

const WAIT = "**/v1/login/codes/wait*";

/** From the first page to a code; the answer is what a camera reads in it. */
async function showCode({ page, context }: Person, url: string): Promise<string> {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.goto(url);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await page.getByRole("button", { name: "Log in with a QR code" }).click();
  return await copyCode(page);
}

async function copyCode(page: Page): Promise<string> {
  await page.getByRole("img", { name: "QR code to log in with" }).waitFor();
  await page.getByRole("button", { name: "Copy the address" }).click();
  await page.getByRole("button", { name: "Copied" }).waitFor();
  return await page.evaluate(() => navigator.clipboard.readText());
}

/** A person, signed up, on a page of its own. */
async function member(stage: Stage): Promise<Person & { username: string }> {
  const person = await stage.person();
  const username = `ann-${crypto.randomUUID().slice(0, 8)}`;
  await signUp(person.page, stage.url, username, "Ann");
  return { ...person, username };
}

/** A desktop lets a phone in, by the address that it shows, and sees it among the devices at once. */
export async function letIn(stage: Stage): Promise<void> {
  const { page } = await member(stage);
  const phone = await stage.person({ phone: true });
  const address = await showCode(phone, stage.url);
  await phone.page.getByText("Waiting for your other device").waitFor();
  await loadAxe(phone.page);
  await check(phone.page, "a code to log in with");

  await page.getByRole("button", { name: /^Settings: / }).click();
  await page.getByRole("button", { name: "Devices", exact: true }).click();
  await page.getByText("You are logged in nowhere else.").waitFor();
  await page.getByRole("button", { name: /^Log in another device/ }).click();
  await page.getByLabel("Address of the code").fill("https://elsewhere.example/?device#x");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByText("This is not the address of a log-in code.").waitFor();
  await loadAxe(page);
  await check(page, "the address of a code");
  await page.getByLabel("Address of the code").fill(address);
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("heading", { name: "Log in on a new device?" }).waitFor();
  await page.getByText("Chrome · Linux").last().waitFor();
  await page.getByText(/^from (127\.0\.0\.1|::1|::ffff:127\.0\.0\.1)$/).waitFor();
  await check(page, "the question");
  await page.getByRole("button", { name: "Allow" }).click();
  await page.getByText("Chrome · Linux is logged in").waitFor();

  await phone.page.getByRole("heading", { name: "Chats" }).waitFor();
  await phone.page.reload();
  await phone.page.getByRole("heading", { name: "Chats" }).waitFor();
  await page.getByRole("dialog").last().getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("button", { name: "Log out: Chrome · Linux" }).click();
  await phone.page.getByText("You were logged out.").waitFor();
}

/** Who is logged out logs in first; refusal, the end of a code, a second use and a lost network are told in words. */
export async function notLetIn(stage: Stage): Promise<void> {
  stage.expectProblem(/404|409|ERR_FAILED|401/);
  const { page, username } = await member(stage);
  const fresh = await stage.person();
  const first = await showCode(fresh, stage.url);
  const other = await stage.person({ phone: true });
  await other.page.goto(first);
  await other.page.getByText("A new device wants to log in.").waitFor();
  await other.page.getByRole("button", { name: "Log in", exact: true }).click();
  await other.page.getByLabel("Username").fill(username);
  await other.page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await other.page.getByRole("button", { name: "Log in", exact: true }).click();
  await other.page.getByRole("button", { name: "Refuse" }).click();
  await other.page.getByText("Nobody has been logged in.").waitFor();
  await fresh.page.getByText("Refused on your other device.").waitFor();
  await loadAxe(fresh.page);
  await check(fresh.page, "a refusal");

  await fresh.page.route(WAIT, (route) =>
    route.fulfill({ status: 404, json: { code: "not_found" } }),
  );
  await fresh.page.getByRole("button", { name: "Show a new code" }).click();
  await fresh.page.getByText("This code is over.").waitFor();
  await fresh.page.unroute(WAIT);
  await fresh.page.route(WAIT, (route) => route.abort());
  await fresh.page.getByRole("button", { name: "Show a new code" }).click();
  await fresh.page.getByText("No connection. Trying again…").waitFor();
  await fresh.page.unroute(WAIT);
  await fresh.page.getByText("Waiting for your other device").waitFor();
  const second = await copyCode(fresh.page);
  await eventually("each code is another one", false, () => second === first);

  await page.goto(`${stage.url}/?device#${"A".repeat(22)}`);
  await page.getByText("This code is over").waitFor();
  await loadAxe(page);
  await check(page, "a code that is over");
  await page.goto(second);
  await page.getByRole("button", { name: "Allow" }).click();
  await page.getByText("Chrome · Linux is logged in").waitFor();
  await fresh.page.getByRole("heading", { name: "Chats" }).waitFor();
  await other.page.goto(second);
  await other.page.getByText("This code has been answered").waitFor();
}
