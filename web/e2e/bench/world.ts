/** Ann on a slow machine, Bob on a fast one, and a long talk between the two. */
import type { ChannelId, Client } from "@damso/sdk";
import { createClient, logIn, memoryStore } from "@damso/sdk";
import type { Browser, Person } from "../browser.testing.ts";
import { openPerson } from "../browser.testing.ts";
import { eventually, installed, PASSWORD, row, signUp } from "../steps.ts";

export type Bench = { ann: Person; bob: Client; channel: ChannelId; url: string };

const BATCH = 250;

export async function openBench(browser: Browser, url: string, messages: number): Promise<Bench> {
  const [ann, other] = await Promise.all([
    openPerson(browser, console.error),
    openPerson(browser, console.error),
  ]);
  await watch(ann);
  await Promise.all([
    signUp(ann.page, url, "bench-ann", "Ann"),
    signUp(other.page, url, "bench-bob", "Bob"),
  ]);
  await other.close();
  const session = await logIn({ server: url, username: "bench-bob", password: PASSWORD });
  // Order does not matter here, and time does.
  const bob = createClient({ session, store: memoryStore(), window: BATCH });
  await bob.start();
  const me = await bob.users.find("bench-ann");
  if (me === undefined) throw new Error("Bob does not find Ann");
  const channel = bob.direct(me.user_id);
  await send(bob, channel, messages);
  await row(ann.page, "Bob").click();
  await eventually("Ann has the newest", true, async () => (await newest(ann)) > 0);
  await installed(ann.page);
  return { ann, bob, channel, url };
}

export async function send(client: Client, channel: ChannelId, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += BATCH) {
    const batch = Array.from({ length: Math.min(BATCH, count - sent) }, (_, n) => sent + n + 1);
    await Promise.all(batch.map((n) => client.send(channel, `Message ${n} of a long talk.`)));
  }
}

function newest({ page }: Person): Promise<number> {
  return page.locator(".message").count();
}

/** What the page notes of itself, from its first moment: when rows and messages are painted, what shifts, what lags. */
export type Noted = {
  rows_ms: number;
  messages_ms: number;
  first_paint_ms: number;
  shift: number;
  /** Of each key, up to behind the frame after it. */
  keys_ms: number[];
};

async function watch({ context }: Person): Promise<void> {
  await context.addInitScript(() => {
    const noted: Noted = { rows_ms: 0, messages_ms: 0, first_paint_ms: 0, shift: 0, keys_ms: [] };
    Object.assign(globalThis, { noted });
    const painted = (name: "rows_ms" | "messages_ms"): void => {
      // Behind the frame that draws it.
      requestAnimationFrame(() => setTimeout(() => (noted[name] ||= performance.now()), 0));
    };
    new MutationObserver(() => {
      if (noted.rows_ms === 0 && document.querySelector(".row")) painted("rows_ms");
      if (noted.messages_ms === 0 && document.querySelector(".message")) painted("messages_ms");
    }).observe(document, { childList: true, subtree: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) noted.first_paint_ms ||= entry.startTime;
    }).observe({ type: "paint", buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & {
        value: number;
        hadRecentInput: boolean;
      })[]) {
        if (!entry.hadRecentInput) noted.shift += entry.value;
      }
    }).observe({ type: "layout-shift", buffered: true });
    const key = ({ timeStamp }: KeyboardEvent): void => {
      const lag = (): unknown => noted.keys_ms.push(performance.now() - timeStamp);
      requestAnimationFrame(() => setTimeout(lag, 0));
    };
    addEventListener("keydown", key, true);
  });
}

export function noted({ page }: Person): Promise<Noted> {
  return page.evaluate(() => (globalThis as unknown as { noted: Noted }).noted);
}
