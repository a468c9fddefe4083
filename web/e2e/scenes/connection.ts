import type { BrowserContext, WebSocketRoute } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { bubble, covered, eventually, pick, row, say, talkTo, texts, tick } from "../steps.ts";

export async function reloaded(stage: Stage): Promise<void> {
  const [ann, , [, bobName]] = await stage.two();
  const { page } = ann;
  await talkTo(page, bobName);
  await say(page, "still here?");
  await eventually("it is kept", true, async () =>
    ["stored", "delivered"].includes(await tick(page, "still here?")),
  );
  await page.reload();
  await eventually("the chat is open again", ["still here?"], () => texts(page));
  await page.getByRole("button", { name: "Settings: Ann" }).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Log out" }).click();
  await page.getByRole("link", { name: "Try it" }).waitFor();
  await page.reload();
  await page.getByRole("link", { name: "Try it" }).waitFor();
}

export async function offline(stage: Stage): Promise<void> {
  const [ann, bob, [, bobName]] = await stage.two();
  const { page, context } = ann;
  stage.expectProblem(/ERR_INTERNET_DISCONNECTED/);
  const cut = await sever(context);
  await page.reload();
  await talkTo(page, bobName);
  await say(page, "one");
  await row(bob.page, "Ann").click();
  await cut(true);
  await page.getByText("Offline: messages will be sent when you are back").waitFor();
  await say(page, "two");
  await say(page, "three");
  await eventually("they have a clock", "waiting", () => tick(page, "three"));
  await pick(page, "one", "Edit");
  await say(page, "one more");
  await eventually("so has what was changed, at once", "waiting", () => tick(page, "one more"));
  await cut(false);
  const all = ["one more", "two", "three"];
  await eventually("they arrive, in order, once", all, () => texts(bob.page));
  await eventually("and are read", "read", () => tick(page, "three"));
  await eventually("the changed one too", "read", () => tick(page, "one more"));
  await eventually("nothing is said of the connection", "", () => page.locator(".bar").innerText());
}

/** The browser's own switch leaves open sockets alone; this one pulls the plug. */
async function sever(context: BrowserContext): Promise<(off: boolean) => Promise<void>> {
  let off = false;
  const open = new Set<WebSocketRoute>();
  await context.routeWebSocket(/\/v1\/socket/, async (socket) => {
    if (off) return socket.close({ code: 1001 });
    socket.connectToServer();
    open.add(socket);
  });
  return async (now) => {
    off = now;
    await context.setOffline(now);
    if (!now) return;
    for (const socket of open) await socket.close({ code: 1001 });
    open.clear();
  };
}

export async function refused(stage: Stage): Promise<void> {
  const [ann, , [annName, bobName]] = await stage.two();
  const { page } = ann;
  await talkTo(page, bobName);
  await say(page, "hello");
  const bob = await stage.device(bobName);
  const profile = await bob.users.find(annName);
  if (profile === undefined) throw new Error("Bob does not find Ann");
  await bob.blocks.add(profile.user_id);
  await say(page, "are you there?");
  await page.locator(".failed", { hasText: "You cannot write to each other." }).waitFor();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByRole("alert").filter({ hasText: "You cannot write" }).waitFor();
  await eventually("what was told covers nothing to press", [], () => covered(page));
  await eventually("it is marked", "failed", () => tick(page, "are you there?"));
  await bubble(page, "are you there?").getByRole("button", { name: "Delete" }).click();
  await eventually("it is gone", ["hello"], () => texts(page));
}
