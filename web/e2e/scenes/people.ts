import type { Page } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { eventually, field, newGroup, row, say, signUp, talkTo, texts } from "../steps.ts";

/** Friends are added on their profile, found by initial consonants, and removed again. */
export async function friends(stage: Stage): Promise<void> {
  const [ann] = await stage.two();
  const jiwoo = await stage.person();
  const username = `jiwoo-${crypto.randomUUID().slice(0, 8)}`;
  await signUp(jiwoo.page, stage.url, username, "김지우");
  const { page } = ann;
  await talkTo(page, username);
  await page.locator(".chat-title").click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("button", { name: "Add friend" }).click();
  await panel.getByRole("button", { name: "Remove friend" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "New chat" }).first().click();
  const search = page.getByLabel("Name or username");
  await search.fill("ㅎㅇ");
  await eventually("others do not match", 0, () => page.locator("dialog li").count());
  await search.fill("ㅈㅇ");
  await page.locator("dialog li", { hasText: "김지우" }).waitFor();
  await search.press("Enter");
  await eventually("the panel is closed", 0, () => page.locator("dialog[open]").count());
  await page.locator(".chat-title").click();
  await panel.getByRole("button", { name: "Remove friend" }).click();
  await panel.getByRole("button", { name: "Add friend" }).waitFor();
}

/** A block is asked about, shows in the chat and in the settings, and is lifted in either. */
export async function blocking(stage: Stage): Promise<void> {
  const [ann, bob, [, bobName]] = await stage.two();
  const { page } = ann;
  stage.expectProblem(/403/);
  await talkTo(page, bobName);
  await say(page, "hello");
  await row(bob.page, "Ann").click();
  await page.locator(".chat-title").click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("button", { name: "Block" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Cancel" }).click();
  await panel.getByRole("button", { name: "Block" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Block" }).click();
  await panel.getByRole("button", { name: "Unblock" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByText("You have blocked Bob.").waitFor();
  await eventually("there is no field", 0, () => field(page).count());
  await say(bob.page, "are you there?");
  await bob.page.locator(".failed", { hasText: "You cannot write to each other." }).waitFor();

  await page.getByRole("button", { name: "Settings: Ann" }).click();
  await page.getByRole("button", { name: "Privacy" }).click();
  await panel.locator("li", { hasText: "Bob" }).getByRole("button", { name: "Unblock" }).click();
  await panel.getByText("Nobody is blocked").waitFor();
  await page.keyboard.press("Escape");
  await say(page, "again");
  await eventually("it gets there", true, async () => (await texts(bob.page)).includes("again"));
}

/** A group is muted, its settings and roles change, somebody is removed, and the owner leaves. */
export async function groupRights(stage: Stage): Promise<void> {
  const [ann, bob, [, bobName]] = await stage.two();
  const { page } = ann;
  await newGroup(page, "Tea club", [bobName]);
  await row(bob.page, "Tea club").click();
  await page.locator(".chat-title").click();
  const panel = page.getByRole("dialog").first();
  await panel.getByRole("button", { name: "Notifications" }).click();
  await page.getByRole("button", { name: "Mute for 1 hour" }).click();
  await panel.getByText(/Muted until/).waitFor();
  await panel.getByRole("switch", { name: /Only admins add members/ }).check();
  await bob.page.locator(".system", { hasText: "changed the settings" }).waitFor();
  await bob.page.locator(".chat-title").click();
  await bob.page.getByRole("button", { name: "Leave group" }).waitFor();
  await eventually("Bob cannot add", 0, () => bob.page.locator(".tile").count());
  await bob.page.keyboard.press("Escape");

  await panel.getByRole("button", { name: "Bob" }).click();
  await panel.getByRole("button", { name: "Make owner" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Make owner" }).click();
  await eventually("only the owner gives roles", 0, () =>
    panel.getByRole("button", { name: "Make owner" }).count(),
  );
  await stepBack(page, 2);
  await panel.locator(".role", { hasText: "Owner" }).waitFor();
  await removeAnn(bob.page);
  await eventually("the chat is gone for Ann", 0, () => row(page, "Tea club").count());
  await eventually("its panel and its steps too", [0, "", null], () =>
    page.evaluate(() => [
      document.querySelectorAll("dialog").length,
      location.hash,
      history.state as unknown,
    ]),
  );
}

async function removeAnn(page: Page): Promise<void> {
  await page.locator(".chat-title").click();
  await page.getByRole("dialog").getByRole("button", { name: "Ann" }).click();
  await page.getByRole("button", { name: "Remove", exact: true }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Remove" }).click();
  await page.getByText("1 member", { exact: true }).first().waitFor();
}

/** On a phone the back button closes what lies over the page, one after the other. */
export async function backOnPhone(stage: Stage): Promise<void> {
  const { page } = await stage.person({ phone: true, locale: "ko-KR" });
  await page.goto(stage.url);
  await page.getByRole("button", { name: "가입하기" }).click();
  await page.getByLabel("이름").fill("민서");
  await page.getByLabel("아이디").fill(`minseo-${crypto.randomUUID().slice(0, 8)}`);
  await page.getByRole("textbox", { name: "비밀번호" }).fill("a long secret");
  await page.getByRole("button", { name: "가입하기" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "닫기" }).click();
  await page.getByRole("button", { name: "설정: 민서" }).click();
  await page.getByRole("button", { name: "나와의 대화" }).click();
  await page.locator("main.chat").waitFor();
  await page.locator(".field-text").fill("우유, 빵");
  await page.locator(".send").click();
  await page.locator(".chat-title").click();
  const heading = page.getByRole("dialog").getByRole("heading").first();
  await eventually("the profile is open", "프로필", () => heading.innerText());
  await stepBack(page, 1);
  await eventually("it is closed", 0, () => page.locator("dialog[open]").count());
  await page.locator("main.chat").waitFor();
  await stepBack(page, 0);
  await page.locator(".row").waitFor();
  await comingAndGoing(page);
  await page.getByRole("button", { name: "설정: 민서" }).click();
  await page.getByRole("button", { name: "개인정보 보호" }).click();
  await eventually("a page of the settings", "개인정보 보호", () => heading.innerText());
  await stepBack(page, 2);
  await eventually("back to all of them", "설정", () => heading.innerText());
  await stepBack(page, 1);
  await eventually("and out", 0, () => page.locator("dialog[open]").count());
}

/** A chat that is left by the arrow in the page gives its step back: none is left that would show nothing. */
async function comingAndGoing(page: Page): Promise<void> {
  // The first one takes the place of what lies ahead.
  let steps = 0;
  for (let round = 1; round <= 3; round++) {
    await page.locator(".row").click();
    await page.locator("main.chat").waitFor();
    steps ||= await page.evaluate(() => history.length);
    await page.getByRole("button", { name: "뒤로" }).click();
    await eventually(`it is left, ${round}`, [0, "", steps], () =>
      page.evaluate(() => [
        document.querySelectorAll("main.chat").length,
        location.hash,
        history.length,
      ]),
    );
  }
}

/** What closes gives its step back in its own time; nothing that opens or goes back meanwhile may be lost by it. */
export async function hurried(stage: Stage): Promise<void> {
  const { page } = await stage.person({ phone: true });
  await signUp(page, stage.url, `ann-${crypto.randomUUID().slice(0, 8)}`, "Ann");
  for (let round = 1; round <= 8; round++) {
    await page.getByRole("button", { name: "Settings: Ann" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).waitFor();
    const settings = await page.locator("button", { hasText: "Settings: Ann" }).elementHandle();
    await page.evaluate(async (button) => {
      const dialog = (): HTMLElement | null => document.querySelector("dialog");
      const turn = (): Promise<void> => new Promise((done) => void setTimeout(done));
      const stepped = new Promise((done) => addEventListener("popstate", done, { once: true }));
      dialog()?.querySelector<HTMLElement>("[aria-label=Close]")?.click();
      for (let turns = 0; dialog() && turns < 1000; turns++) await turn();
      (button as HTMLElement).click();
      for (let turns = 0; !dialog() && turns < 1000; turns++) await turn();
      // Until then the entry is still that of the one which closed.
      await stepped;
    }, settings);
    await stepBack(page, 1);
    await eventually(`it is closed, ${round}`, 0, () => page.locator("dialog[open]").count());
    await page.getByRole("button", { name: "Settings: Ann" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
    await eventually(`and again, ${round}`, 0, () => page.locator("dialog[open]").count());
  }
}

/** Presses the back button once so many things lie over the page, and the step of one that was closed has been given back. */
async function stepBack(page: Page, layers: number): Promise<void> {
  await eventually("steps back", layers, () =>
    page.evaluate(() => (history.state as { over?: number } | null)?.over ?? 0),
  );
  await page.goBack();
}
