/** Going to a message: loaded if need be, in the middle, and lit up for a moment. */
import type { Chat } from "../model/chat.ts";
import { messageAt } from "./row-at.ts";

const LIT_MS = 1800;
const NEAR_SCREENS = 2;
const MOVING_MS = 800;

/** With `leave` the place that is left can be gone back to. */
export async function jumpTo(
  chat: Chat,
  scroller: HTMLElement | null,
  seq: number,
  leave = true,
): Promise<void> {
  if (scroller === null) return;
  const from = leave ? middleOf(scroller) : undefined;
  if (!(await chat.timeline.reach(seq))) return;
  // The stretch may have just been loaded: what it shows is drawn by the next frame.
  await nextDrawing();
  const target = scroller.querySelector<HTMLElement>(`[data-seq="${seq}"]`);
  if (target === null) return;
  if (from !== undefined && from !== seq) chat.trail.leave(from);
  await goTo(scroller, target);
  target.focus({ preventScroll: true });
  const accent = getComputedStyle(scroller).getPropertyValue("--highlight");
  target.animate([{ backgroundColor: accent }, { backgroundColor: "transparent" }], {
    duration: LIT_MS,
    easing: "ease-in",
  });
}

/** Resolves when what has just changed is drawn. */
export async function nextDrawing(): Promise<void> {
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
}

async function goTo(scroller: HTMLElement, target: HTMLElement): Promise<void> {
  const away = target.getBoundingClientRect().top - scroller.getBoundingClientRect().top;
  await move(scroller, away, (behavior) => target.scrollIntoView({ block: "center", behavior }));
}

/** To the newest message that is drawn. */
export async function goToEnd(scroller: HTMLElement): Promise<void> {
  const { scrollTop } = scroller;
  await move(scroller, scrollTop, (behavior) => scroller.scrollTo({ top: 0, behavior }));
}

/**
 * Smooth over a short way only: on a long one, more is loaded meanwhile, and that ends the movement. A movement that
 * was ended is brought to its end at once.
 */
async function move(
  scroller: HTMLElement,
  way_px: number,
  go: (behavior: ScrollBehavior) => void,
): Promise<void> {
  const near = Math.abs(way_px) < NEAR_SCREENS * scroller.clientHeight;
  if (near && behaviour() === "smooth") {
    go("smooth");
    await Promise.race([
      new Promise((resolve) => scroller.addEventListener("scrollend", resolve, { once: true })),
      new Promise((resolve) => setTimeout(resolve, MOVING_MS)),
    ]);
  }
  go("instant");
}

/** Smooth, unless somebody has asked for stillness. */
function behaviour(): ScrollBehavior {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
}

function middleOf(scroller: HTMLElement): number | undefined {
  const list = scroller.querySelector(".items");
  const row = list && messageAt(list, scroller, scroller.clientHeight / 2);
  return row ? Number(row.dataset["seq"]) : undefined;
}
