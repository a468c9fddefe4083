/** Nothing on the page moves by itself: not while it starts, not while a chat opens, not when something comes in. */
import type { ChannelId, Client } from "@damso/sdk";
import type { Locator, Page, Person } from "../browser.testing.ts";
import type { Stage } from "../page.browser.ts";
import { bubble, eventually, installed, signUp } from "../steps.ts";
import { choose } from "./files.ts";
import { PNG } from "./picture.ts";

const LINES = 130;
/** Less than this nobody sees: a badge gets its second digit. */
const SHIFT_MIN = 0.001;

/** What is being done, and what has moved meanwhile. */
type Watch = { doing: string; moved: string[] };
type Told = (value: number, what: string) => void;

/** Notes every shift of the layout, those behind a key or a click included: on a slow device these come late. */
async function watchShifts({ context }: Person): Promise<Watch> {
  const watch: Watch = { doing: "", moved: [] };
  await context.exposeFunction("shifted", (value: number, what: string) => {
    if (watch.doing !== "" && value >= SHIFT_MIN) watch.moved.push(`${watch.doing}: ${what}`);
  });
  await context.addInitScript(() => {
    type Source = { node: Node | null; previousRect: DOMRect; currentRect: DOMRect };
    type Shift = PerformanceEntry & { value: number; sources: Source[] };
    const told = (globalThis as unknown as { shifted: Told }).shifted;
    const name = (node: Node | null): string =>
      node instanceof Element ? `${node.localName}.${node.className}` : `${node?.textContent}`;
    const place = ({ x, y, width, height }: DOMRect): string => `${x},${y} ${width}×${height}`;
    new PerformanceObserver((list) => {
      for (const { value, sources } of list.getEntries() as Shift[]) {
        const what = sources.map(
          ({ node, previousRect: from, currentRect: to }) =>
            `${name(node)} from ${place(from)} to ${place(to)}`,
        );
        told(value, `${value.toFixed(4)} ${what.join("; ")}`);
      }
    }).observe({ type: "layout-shift", buffered: true });
  });
  return watch;
}

type Chats = { short: ChannelId; long: ChannelId };

/** Chats of all kinds, by name, each with a text that is in sight once it is open. */
const kinds = {
  Bob: "short 2.",
  Long: `line ${LINES}.`,
  "Few new": "new 1.",
  "Many new": "new 1.",
  Pictures: "two of them",
};

/** All but two of them have been read on another device of hers. */
async function fill(bob: Client, ann: Client): Promise<Chats> {
  const group = async (name: string): Promise<ChannelId> =>
    (await bob.createGroup({ name, members: [ann.user_id] })).id;
  const write = async (channel: ChannelId, word: string, count: number): Promise<void> => {
    for (let n = 1; n <= count; n += 1) {
      bob.sendSoon(channel, `${word} ${n}.${"\nand more".repeat(n % 4)}`);
    }
    await eventually(`${word}s are sent`, 0, () => bob.pending(channel).length);
  };
  const [short, long] = [bob.direct(ann.user_id), await group("Long")];
  await write(short, "short", 2);
  await write(long, "line", LINES);
  await bob.pin(long, 3, true);
  for (const channel of [short, long]) {
    const head = (): number => ann.channel(channel)?.head ?? 0;
    await eventually("it is there", bob.channel(channel)?.head, head);
    ann.read(channel, head());
  }
  await write(await group("Few new"), "new", 12);
  await write(await group("Many new"), "new", 80);
  await group("Pictures");
  return { short, long };
}

export const stillOnLaptop = (stage: Stage): Promise<void> => still(stage, false);
export const stillOnPhone = (stage: Stage): Promise<void> => still(stage, true);

async function still(stage: Stage, phone: boolean): Promise<void> {
  const [ann, other] = await Promise.all([stage.person({ phone }), stage.person()]);
  const tag = crypto.randomUUID().slice(0, 8);
  const watch = await watchShifts(ann);
  const { page } = ann;
  await signUp(page, stage.url, `ann-${tag}`, "Ann");
  await signUp(other.page, stage.url, `bob-${tag}`, "Bob");
  const bob = await stage.device(`bob-${tag}`);
  const chats = await fill(bob, await stage.device(`ann-${tag}`));
  await row(page, "Pictures").click();
  await choose(page, [PNG, { ...PNG, name: "second.png" }], "two of them");
  await bubble(page, "two of them").locator(".tick-stored, .tick-delivered, .tick-read").waitFor();
  await leave(page, phone);
  await installed(page);
  const doing: Doing = async (what, deed) => {
    watch.doing = what;
    await deed();
    await settled(page);
  };
  await opening(page, phone, doing);
  await receiving(page, phone, bob, chats, doing);
  if (watch.moved.length > 0) throw new Error(watch.moved.join("\n        "));
}

type Doing = (what: string, deed: () => Promise<unknown>) => Promise<void>;

/** Twice each, because the second time the messages are in memory. */
async function opening(page: Page, phone: boolean, doing: Doing): Promise<void> {
  await doing("starting into the list", () => restart(page, ".row"));
  for (const [name, text] of Object.entries(kinds)) {
    await doing(`opening ${name}`, async () => {
      await row(page, name).click();
      await bubble(page, text).waitFor();
    });
    await doing(`starting into ${name}`, () => restart(page, ".message"));
    await doing(`leaving ${name}`, () => leave(page, phone));
    await doing(`opening ${name} again`, async () => {
      await row(page, name).click();
      await page.locator(".message").first().waitFor();
    });
    await doing(`leaving ${name} again`, () => leave(page, phone));
  }
}

async function receiving(
  page: Page,
  phone: boolean,
  bob: Client,
  { short, long }: Chats,
  doing: Doing,
): Promise<void> {
  await bob.open(short);
  await row(page, "Bob").click();
  await doing("receiving in a short chat", async () => {
    await bob.send(short, "short 3.");
    await bubble(page, "short 3.").waitFor();
  });
  await doing("somebody typing", async () => {
    bob.typing(short);
    await page.locator(".writers .dots").waitFor();
    await bob.send(short, "short 4.");
    await bubble(page, "short 4.").waitFor();
  });
  await leave(page, phone);
  await row(page, "Long").click();
  await bubble(page, kinds.Long).waitFor();
  await doing("receiving in a long chat", async () => {
    await bob.send(long, "more 1.\nand more");
    await bubble(page, "more 1.").waitFor();
  });
  await doing("jumping", async () => {
    await page.locator(".pin-bar").click();
    await bubble(page, "line 3.").waitFor();
  });
  await doing("receiving while further up", () => bob.send(long, "more 2."));
  await doing("jumping back", async () => {
    await page.getByRole("button", { name: "Back to where you were" }).click();
    await bubble(page, kinds.Long).waitFor();
  });
}

/** In the list, whoever has written last. */
const row = (page: Page, name: string): Locator =>
  page.locator(".row", { has: page.locator(".row-name", { hasText: name }) });

async function leave(page: Page, phone: boolean): Promise<void> {
  if (phone) await page.locator(".back").click();
  else await page.keyboard.press("Escape");
  await page.locator(".chat").waitFor({ state: "detached" });
}

async function restart(page: Page, until: string): Promise<void> {
  await page.reload();
  await page.locator(until).first().waitFor();
}

/** Pictures are drawn, nothing slides any more, and what the page does next is behind it too. */
async function settled(page: Page): Promise<void> {
  await eventually("all pictures are here", true, () =>
    page.evaluate(() => [...document.images].every(({ complete }) => complete)),
  );
  await page.evaluate(async () => {
    const idle = (): Promise<unknown> =>
      new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve, 0)));
    for (let frames = 0; frames < 20; frames += 1) await idle();
    await Promise.allSettled(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
        .map(({ finished }) => finished),
    );
  });
}
