import type { Stage } from "../page.browser.ts";
import { eventually, field, say, texts, tick } from "../steps.ts";

export async function demo(stage: Stage): Promise<void> {
  const { page } = await stage.person();
  await page.goto(stage.url);
  const link = page.getByRole("link", { name: "Try it" });
  await link.waitFor();
  await link.click();
  const left = page.frameLocator("iframe >> nth=0");
  const right = page.frameLocator("iframe >> nth=1");
  await right.locator(".bubble").first().waitFor();

  const hello = "Hi Sam! Nice to have you here. 👋";
  await eventually("both have the greeting", [[hello], [hello]], () =>
    Promise.all([texts(left), texts(right)]),
  );
  await eventually("the greeting is read", "read", () => tick(left, hello));
  await eventually("Sam is online", "online", () => left.locator(".chat-name small").innerText());
  await say(right, "Hi 지우!");
  await eventually("the answer arrives", [hello, "Hi 지우!"], () => texts(left));
  await eventually("the answer is read", "read", () => tick(right, "Hi 지우!"));
  await field(left).pressSequentially("on my");
  await eventually("typing is seen", "지우 is typing", () => right.locator(".writers").innerText());

  await page.reload();
  await eventually("a reload finds the same two", 2, async () => (await texts(right)).length);
  await page.getByRole("link", { name: "End the demo" }).click();
  await page.getByRole("link", { name: "Try it" }).waitFor();
}

export async function demoOnPhone(stage: Stage): Promise<void> {
  const { page } = await stage.person({ phone: true });
  await page.goto(`${stage.url}/?demo`);
  const left = page.frameLocator("iframe >> nth=0");
  await left.locator(".bubble").first().waitFor();
  const shown = (): Promise<boolean[]> =>
    Promise.all([0, 1].map((index) => page.locator("iframe").nth(index).isVisible()));
  await eventually("the left side is shown", [true, false], shown);
  await page.getByRole("button", { name: "Sam’s window" }).click();
  await eventually("the right side is shown", [false, true], shown);
}
