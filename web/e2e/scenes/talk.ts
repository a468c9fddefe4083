import type { Stage } from "../page.browser.ts";
import {
  PASSWORD,
  bubble,
  covered,
  eventually,
  field,
  pick,
  row,
  say,
  talkTo,
  texts,
  tick,
} from "../steps.ts";

export async function twoPeople(stage: Stage): Promise<void> {
  const [ann, bob, [, bobName]] = await stage.two();
  await talkTo(ann.page, bobName);
  await say(ann.page, "안녕, Bob!");
  const badge = row(bob.page, "Ann").locator(".badge");
  await eventually("Bob has one unread", "1", () => badge.locator("[aria-hidden]").innerText());
  await eventually("it is on his device", "delivered", () => tick(ann.page, "안녕, Bob!"));
  await eventually("his title says so", "(1) Damso", () => bob.page.title());
  await row(bob.page, "Ann").click();
  await eventually("he has read it", "read", () => tick(ann.page, "안녕, Bob!"));
  await eventually("nothing is unread", 0, () => badge.count());
  await say(bob.page, "안녕 Ann");
  const talk = ["안녕, Bob!", "안녕 Ann"];
  await eventually("both see the same", [talk, talk], () =>
    Promise.all([texts(ann.page), texts(bob.page)]),
  );
  // Told at most once in three seconds: the first keystrokes may fall into the pause after the last message.
  await eventually("Ann sees him typing", "Bob is typing", async () => {
    await field(bob.page).pressSequentially("또");
    return ann.page.locator(".writers").innerText();
  });
  await eventually("and that he is here", "online", () =>
    ann.page.locator(".chat-name small").innerText(),
  );
}

export async function changes(stage: Stage): Promise<void> {
  const [ann, bob, [, bobName]] = await stage.two();
  await talkTo(ann.page, bobName);
  await say(ann.page, "Tea at five?");
  await row(bob.page, "Ann").click();
  await pick(bob.page, "Tea at five?", "Reply");
  await say(bob.page, "Gladly");
  await eventually("the answer quotes", "You", () =>
    bubble(ann.page, "Gladly").locator(".quote b").innerText(),
  );
  await pick(bob.page, "Tea at five?", "React with ❤️");
  await eventually(
    "the heart is seen",
    "❤️ by Bob",
    async () =>
      (await bubble(ann.page, "Tea at five?").locator(".reactions button").getAttribute("title")) ??
      "",
  );
  await field(ann.page).press("ArrowUp");
  await eventually("the last own one is edited", "Tea at five?", () =>
    field(ann.page).inputValue(),
  );
  await say(ann.page, "Tea at six?");
  await eventually("the edit arrives", ["Tea at six?", "Gladly"], () => texts(bob.page));
  await pick(ann.page, "Tea at six?", "Pin");
  await bob.page.locator(".pin-bar", { hasText: "Tea at six?" }).waitFor();
  await eventually("it is said aloud that it was edited and pinned", true, async () => {
    const label = await bubble(ann.page, "Tea at six?").getAttribute("aria-label");
    return label?.startsWith("You, Tea at six?, edited, Pinned, ") === true;
  });
  await pick(bob.page, "Gladly", "Delete for everyone");
  await eventually("it is gone for Bob at once", 1, () => bob.page.locator(".gone").count());
  await bob.page.getByRole("button", { name: "Undo" }).waitFor();
  await eventually("and the newest stays in sight", [], () => covered(bob.page));
  await bob.page.getByRole("button", { name: "Undo" }).click();
  await eventually("and back", ["Tea at six?", "Gladly"], () => texts(bob.page));
  await pick(bob.page, "Gladly", "Delete for everyone");
  await eventually("the deletion arrives", ["Tea at six?", "Message deleted"], () =>
    texts(ann.page),
  );
  await pick(bob.page, "Tea at six?", "Delete for me");
  await eventually("it is gone for Bob", ["Message deleted"], () => texts(bob.page));
  await eventually("and not for Ann", 2, async () => (await texts(ann.page)).length);
}

export async function phone(stage: Stage): Promise<void> {
  const [ann, , [annName, bobName]] = await stage.two();
  const { page } = await stage.person({ phone: true });
  await page.goto(stage.url);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await page.getByLabel("Username").fill(annName);
  await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await talkTo(page, annName);
  await field(page).fill("milk");
  await field(page).press("Enter");
  await eventually("Enter is a new line on glass", "milk\n", () => field(page).inputValue());
  await field(page).fill("milk");
  await page.getByRole("button", { name: "Send" }).click();
  await eventually("the button sends", ["milk"], () => texts(page));
  await eventually("only the chat is shown", false, () => page.locator(".list").isVisible());
  const bob = await stage.device(bobName);
  const me = await bob.users.find(annName);
  if (!me) throw new Error("Bob does not find Ann");
  await bob.send(bob.direct(me.user_id), "over here");
  await page.getByRole("button", { name: "Back, 1 unread message" }).click();
  await eventually("only the list is shown", false, () => page.locator(".chat").isVisible());
  await row(page, "Notes to self").waitFor();
  await eventually("her other device has it", true, () => row(ann.page, "milk").isVisible());
}
