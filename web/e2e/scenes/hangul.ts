import type { Person } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { eventually, field, newGroup, signUp, talkTo, texts } from "../steps.ts";

/** Writes a text whose last syllable is still being composed when Enter is pressed, with the events that this causes. */
type Write = (before: string, syllable: string) => Promise<void>;

async function keyboardOf({ context, page }: Person): Promise<Write> {
  const keyboard = await context.newCDPSession(page);
  const enter = { code: "Enter", key: "Enter", windowsVirtualKeyCode: 13 };
  return async (before, text) => {
    await field(page).focus();
    if (before !== "") await keyboard.send("Input.insertText", { text: before });
    await keyboard.send("Input.imeSetComposition", { text, selectionStart: 1, selectionEnd: 1 });
    const composing = { ...enter, windowsVirtualKeyCode: 229 };
    await keyboard.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...composing });
    await keyboard.send("Input.insertText", { text });
    await keyboard.send("Input.dispatchKeyEvent", { type: "keyDown", ...enter, text: "\r" });
    await keyboard.send("Input.dispatchKeyEvent", { type: "keyUp", ...enter });
  };
}

export async function hangul(stage: Stage): Promise<void> {
  const [ann, , [, bobName]] = await stage.two();
  const { page } = ann;
  await talkTo(page, bobName);
  const write = await keyboardOf(ann);
  await write("안", "녕");
  await eventually("it is sent whole, once", ["안녕"], () => texts(page));
  await eventually("the field is empty", "", () => field(page).inputValue());
  await write("", "네");
  await eventually("and the next one", ["안녕", "네"], () => texts(page));
  await field(page).fill("둘");
  await field(page).press("Shift+Enter");
  await field(page).pressSequentially("줄");
  await field(page).press("Enter");
  await eventually("Shift+Enter is a new line", ["안녕", "네", "둘\n줄"], () => texts(page));
}

export async function hangulMention(stage: Stage): Promise<void> {
  const [ann] = await stage.two();
  const jiwoo = await stage.person();
  const username = `jiwoo-${crypto.randomUUID().slice(0, 8)}`;
  await signUp(jiwoo.page, stage.url, username, "지우");
  const { page } = ann;
  await newGroup(page, "Tea club", [username]);
  const write = await keyboardOf(ann);
  await write("@", "지");
  await eventually("the name is completed", "@지우 ", () => field(page).inputValue());
  await eventually("and nothing is sent", [], () => texts(page));
  await write("안", "녕");
  await eventually("the mention is sent", ["@지우 안녕"], () => texts(page));
}
