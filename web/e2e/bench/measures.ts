/** What is measured of the page, each with the number that it has to keep to. */
import { eventually, field, row } from "../steps.ts";
import type { Bench } from "./world.ts";
import { noted, send } from "./world.ts";

export type Measure = { what: string; is: number; unit: string; budget?: number };

const SLOWER = 4;
const HOUR_MESSAGES = 3600;
const STARTS = 5;
const SHIFT_MAX = 0.001;
const TYPED = "the quick brown fox jumps over the lazy dog ";

type Session = Awaited<ReturnType<Bench["ann"]["context"]["newCDPSession"]>>;

/** Tells each as soon as it is known. */
export async function measureAll(
  bench: Bench,
  tell: (measures: readonly Measure[]) => void,
): Promise<void> {
  const session = await bench.ann.context.newCDPSession(bench.ann.page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  tell(await measureStarts(bench, session));
  tell(await measureOpening(bench, session));
  tell(await measureTyping(bench));
  // Memory is the same at any speed.
  await session.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  tell(await measureHeap(bench, session));
}

/** Without and with the app and its data on the device. */
async function measureStarts(bench: Bench, session: Session): Promise<Measure[]> {
  const { ann } = bench;
  const warm: number[] = [];
  const chat: number[] = [];
  const shifts: number[] = [];
  for (let start = 0; start < STARTS; start += 1) {
    await ann.page.reload();
    await ann.page.locator(".message").first().waitFor();
    const { rows_ms, messages_ms } = await settledNotes(bench);
    warm.push(rows_ms);
    chat.push(messages_ms);
    shifts.push((await noted(ann)).shift);
  }
  await session.send("Network.enable");
  await session.send("Network.setBypassServiceWorker", { bypass: true });
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  await ann.page.reload();
  await ann.page.locator(".message").first().waitFor();
  const cold = await settledNotes(bench);
  await session.send("Network.setBypassServiceWorker", { bypass: false });
  await session.send("Network.setCacheDisabled", { cacheDisabled: false });
  return [
    { what: "warm start: list of chats painted", is: median(warm), unit: "ms", budget: 300 },
    { what: "warm start: open chat painted", is: median(chat), unit: "ms" },
    { what: "warm start: layout shift", is: Math.max(...shifts), unit: "", budget: SHIFT_MAX },
    { what: "cold start: first paint", is: cold.first_paint_ms, unit: "ms" },
    { what: "cold start: list of chats painted", is: cold.rows_ms, unit: "ms" },
  ];
}

async function settledNotes({ ann }: Bench): ReturnType<typeof noted> {
  await eventually("it is painted", true, async () => {
    const { rows_ms, messages_ms } = await noted(ann);
    return rows_ms > 0 && messages_ms > 0;
  });
  return noted(ann);
}

/** The work is told beside the time: on a busy machine the time says more of the machine. */
async function measureOpening({ ann, url }: Bench, session: Session): Promise<Measure[]> {
  const { page } = ann;
  const times: number[] = [];
  const works: number[] = [];
  const shifts: number[] = [];
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  for (let turn = 0; turn < STARTS; turn += 1) {
    await page.goto(url);
    await row(page, "Bob").waitFor();
    await page.waitForTimeout(1500);
    const before = await workOf(session);
    times.push(await openedIn(page));
    works.push((await workOf(session)) - before);
    await page.waitForTimeout(500);
    shifts.push((await noted(ann)).shift);
  }
  await session.send("Performance.disable");
  return [
    { what: "opening a chat from the list", is: median(times), unit: "ms", budget: 100 },
    { what: "opening a chat: work of the page", is: median(works), unit: "ms" },
    { what: "opening a chat: layout shift", is: Math.max(...shifts), unit: "", budget: SHIFT_MAX },
  ];
}

/** What the page's thread has worked since it is there, in ms of its processor time. */
async function workOf(session: Session): Promise<number> {
  const { metrics } = await session.send("Performance.getMetrics");
  return (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1000;
}

/** From the click to behind the frame that draws the first messages. */
function openedIn(page: Bench["ann"]["page"]): Promise<number> {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const began = performance.now();
        const watch = new MutationObserver(() => {
          if (document.querySelector(".message") === null) return;
          watch.disconnect();
          requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began), 0));
        });
        watch.observe(document, { childList: true, subtree: true });
        document.querySelector<HTMLElement>(".row")?.click();
      }),
  );
}

async function measureTyping({ ann }: Bench): Promise<Measure[]> {
  await field(ann.page).pressSequentially(TYPED, { delay: 30, timeout: 120_000 });
  await eventually("all keys are noted", TYPED.length, async () => {
    const { keys_ms } = await noted(ann);
    return keys_ms.length;
  });
  const { keys_ms } = await noted(ann);
  return [
    { what: "typing: key to paint, in the middle", is: median(keys_ms), unit: "ms" },
    {
      what: `typing: slowest of ${TYPED.length} keys`,
      is: Math.max(...keys_ms),
      unit: "ms",
      budget: 100,
    },
  ];
}

async function measureHeap(bench: Bench, session: Session): Promise<Measure[]> {
  const before = await heapOf(session);
  await send(bench.bob, bench.channel, HOUR_MESSAGES);
  const last = `Message ${HOUR_MESSAGES} of`;
  await eventually("Ann has them all", true, async () =>
    (await row(bench.ann.page, "Bob").innerText()).includes(last),
  ).catch(() => console.log("not all of an hour's messages have arrived in time"));
  return [
    { what: "heap of an open chat", is: before, unit: "MB" },
    { what: "heap after an hour's 3,600 messages", is: await heapOf(session), unit: "MB" },
  ];
}

async function heapOf(session: Session): Promise<number> {
  await session.send("HeapProfiler.enable");
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}

function median(times: number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
