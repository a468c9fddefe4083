/** The page without a network, and without a server. */
import type { Page, Person } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { covered, eventually, installed, row, say, talkTo, texts, tick } from "../steps.ts";

/** What browsers say of a server that is not there. */
const AWAY =
  /ERR_CONNECTION_REFUSED|ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_RESET|Failed to fetch|WebSocket/;

const bar = (page: Page): Promise<string> => page.locator(".bar").innerText();

export async function sendingThroughReload(stage: Stage): Promise<void> {
  const [ann, bob, [, bobName]] = await stage.two();
  const { page, context } = ann;
  stage.expectProblem(AWAY);
  await talkTo(page, bobName);
  await say(page, "before");
  await row(bob.page, "Ann").click();
  await eventually("Bob reads", ["before"], () => texts(bob.page));
  await installed(page);
  // The socket goes with the page that is loaded anew, and no other one can be opened.
  await context.setOffline(true);
  await page.reload();
  await eventually("the chat is there without a network", ["before"], () => texts(page));
  for (const text of ["one", "two", "three"]) await say(page, text);
  await eventually("they wait", "waiting", () => tick(page, "three"));
  await page.reload();
  const all = ["before", "one", "two", "three"];
  await eventually("they survive a reload", all, () => texts(page));
  await page.getByText("Offline: messages will be sent when you are back").waitFor();
  await context.setOffline(false);
  await eventually("each arrives once, in order", all, () => texts(bob.page));
  await eventually("and is marked", "read", () => tick(page, "three"));
}

export async function serverAway(stage: Stage): Promise<void> {
  const server = await stage.server();
  stage.expectProblem(AWAY);
  const [ann, bob, [, bobName]] = await stage.two(server.url);
  const { page } = ann;
  await talkTo(page, bobName);
  await say(page, "hello");
  await row(bob.page, "Ann").click();
  await eventually("Bob reads", ["hello"], () => texts(bob.page));
  await installed(page);
  await server.kill();
  await eventually("it is said", true, async () => /connection|Connecting/i.test(await bar(page)));
  await page.locator(".chat-name .slow").waitFor();
  await eventually("nothing is covered", [], () => covered(page));
  await eventually("nobody seems to be online", "", () =>
    page.locator(".chat-name small").innerText(),
  );
  await say(page, "are you there?");
  await startsFromCache(ann);
  await server.restart();
  const all = ["hello", "are you there?"];
  await eventually("what was written arrives", all, () => texts(bob.page));
  await eventually("nothing is said of it any more", "", () => bar(page));
}

/** Without a server, a new visit shows the list and the open chat. */
async function startsFromCache({ page }: Person): Promise<void> {
  await page.reload();
  await row(page, "Bob").waitFor();
  await eventually("the chat is there", ["hello", "are you there?"], () => texts(page));
}

export async function readOffline(stage: Stage): Promise<void> {
  const [ann, bob, [annName]] = await stage.two();
  stage.expectProblem(AWAY);
  await talkTo(bob.page, annName);
  await say(bob.page, "read me");
  const badge = row(ann.page, "Bob").locator(".badge");
  await eventually("Ann has one unread", 1, () => badge.count());
  await eventually("it is on her device", "delivered", () => tick(bob.page, "read me"));
  await installed(ann.page);
  await ann.context.setOffline(true);
  await ann.page.reload();
  await row(ann.page, "Bob").click();
  await eventually("nothing is unread", 0, () => badge.count());
  await ann.page.reload();
  await row(ann.page, "Bob").waitFor();
  await eventually("nor after a reload", 0, () => badge.count());
  await ann.context.setOffline(false);
  await eventually("Bob sees that it was read", "read", () => tick(bob.page, "read me"));
}
