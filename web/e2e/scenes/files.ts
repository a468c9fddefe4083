import { readFile } from "node:fs/promises";
import type { Page } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { eventually, pick, row, signUp, talkTo } from "../steps.ts";
import { dragOn } from "./message-tools.ts";
import { PALER, PNG } from "./picture.ts";

const NOTES = {
  name: "notes.txt",
  mimeType: "text/plain",
  buffer: Buffer.from("milk, bread"),
};

export const choose = async (page: Page, files: (typeof PNG)[], caption: string): Promise<void> => {
  await page.locator(".compose input[type=file]").setInputFiles(files);
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Add a caption").fill(caption);
  await dialog.getByRole("button", { name: "Send", exact: true }).click();
};
const width = (page: Page): Promise<number> =>
  page
    .locator(".message .thumb img:not(.blur)")
    .last()
    .evaluate((image) => (image as HTMLImageElement).naturalWidth);

/** Pictures are seen in the chat and in full, files are saved, both are found again, and go with their message. */
export async function files(stage: Stage): Promise<void> {
  const [ann, bob, [, bobName]] = await stage.two();
  await talkTo(ann.page, bobName);
  await choose(ann.page, [PNG], "half and half");
  await eventually("the list says so", "📷 half and half", () =>
    row(bob.page, "Ann").locator(".preview").innerText(),
  );
  await row(bob.page, "Ann").click();
  await eventually("Bob sees the picture", 64, () => width(bob.page));
  await choose(ann.page, [NOTES], "");
  const link = bob.page.getByRole("link", { name: "notes.txt" });
  const coming = bob.page.waitForEvent("download");
  await link.click();
  const download = await coming;
  await eventually("the file is what it was", ["notes.txt", "milk, bread"], async () => [
    download.suggestedFilename(),
    await readFile(await download.path(), "utf8"),
  ]);
  await viewing(bob.page);
  await choose(ann.page, [PALER, { ...PNG, name: "third.png" }], "two more");
  await eventually("all three are there", 3, () => bob.page.locator(".message .image").count());
  await leafing(bob.page);
  await found(bob.page);
  await pick(ann.page, "half and half", "Delete for everyone");
  await eventually("the picture is gone for both, and the others are there", 2, () =>
    bob.page.locator(".message .thumb").count(),
  );
}

/** In full: closer with a double press, back with Escape. */
async function viewing(page: Page): Promise<void> {
  await page.locator(".message .image").click();
  const image = page.locator(".viewer-image");
  const before = (await image.boundingBox())?.width ?? 0;
  await page.locator(".viewer-frame").dblclick();
  await eventually("it is closer", true, async () => {
    const now = (await image.boundingBox())?.width ?? 0;
    return now > before * 2;
  });
  await page.keyboard.press("Escape");
  await eventually("it is closed", 0, () => page.locator("dialog[open]").count());
}

/** From one to the next with the keys and the buttons, each with who sent it and when; the one in sight is saved. */
async function leafing(page: Page): Promise<void> {
  const head = page.locator(".viewer-head");
  await page.locator(".message .image").nth(1).click();
  await head.getByText("second.webp").waitFor();
  await eventually("it is told from whom and when", ["Ann", true], async () => [
    await head.locator("strong").innerText(),
    /^Today, \d/.test(await head.locator("time").innerText()),
  ]);
  await page.keyboard.press("ArrowLeft");
  await head.getByText("half.webp").waitFor();
  await page.keyboard.press("ArrowLeft");
  await page.getByRole("button", { name: "Next" }).click();
  await page.getByRole("button", { name: "Next" }).click();
  await head.getByText("third.webp").waitFor();
  const coming = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const download = await coming;
  await eventually("it is saved under its name", "third.webp", () => download.suggestedFilename());
  const saved = await readFile(await download.path(), "base64");
  await eventually("it is the picture in sight", saved, () => bytesInSight(page));
  await page.keyboard.press("Escape");
  await eventually("it is closed", 0, () => page.locator("dialog[open]").count());
}

/** The picture that is seen in full, in base64. */
function bytesInSight(page: Page): Promise<string> {
  return page.locator(".viewer-image img:not(.blur)").evaluate(async (image) => {
    const answer = await fetch((image as HTMLImageElement).src);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  });
}

/** On a phone a finger leafs, and one that goes down puts the picture away. */
export async function leafingByFinger(stage: Stage): Promise<void> {
  const ann = await stage.person({ phone: true });
  const { page } = ann;
  const username = `ann-${crypto.randomUUID().slice(0, 8)}`;
  await signUp(page, stage.url, username, "Ann");
  await talkTo(page, username);
  for (let count = 1; count <= 12; count += 1) {
    await page.locator(".field-text").fill(`${count}.${"\nand more".repeat(4)}`);
    await page.locator(".send").click();
  }
  await eventually("all are kept", 12, () => page.locator(".message .tick-stored").count());
  const scroller = page.locator(".scroller");
  const place = (): Promise<number> => scroller.evaluate((box) => Math.round(box.scrollTop));
  await scroller.evaluate((box) => {
    box.scrollTop = -400;
  });
  await eventually("one reads further up", -400, place);
  await choose(page, [PNG, { ...PNG, name: "second.png" }], "");
  await page.locator(".message .image").first().waitFor();
  await eventually("what was sent is in sight", 0, place);
  await page.locator(".message .image").first().click();
  const head = page.locator(".viewer-head");
  await head.getByText("half.webp").waitFor();
  await dragOn(ann, page.locator(".viewer-frame"), [-120, 5]);
  await head.getByText("second.webp").waitFor();
  await dragOn(ann, page.locator(".viewer-frame"), [120, 5]);
  await head.getByText("half.webp").waitFor();
  await dragOn(ann, page.locator(".viewer-frame"), [5, 160]);
  await eventually("it is put away", 0, () => page.locator("dialog[open]").count());
}

/** What was shared stands on the profile, and leads back to its message. */
async function found(page: Page): Promise<void> {
  await page.locator(".chat-title").click();
  await page.getByRole("button", { name: "Shared" }).click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("tab", { name: "Media" }).press("ArrowRight");
  await panel.getByRole("button", { name: /notes\.txt/ }).waitFor();
  await panel.getByRole("tab", { name: "Media" }).click();
  await panel.getByRole("button", { name: /half/ }).click();
  await eventually("the panel is closed", 0, () => page.locator("dialog[open]").count());
}
