/** Going to a message: loaded if need be, in the middle, and lit up for a moment. */
import type { Chat } from "../model/chat.ts";
import { rowAt } from "./row-at.ts";

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
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
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

/** Smooth over a short way only: on a long one, more is loaded meanwhile, and that ends the movement. */
async function goTo(scroller: HTMLElement, target: HTMLElement): Promise<void> {
  const away = Math.abs(target.getBoundingClientRect().top - scroller.getBoundingClientRect().top);
  const near = away < NEAR_SCREENS * scroller.clientHeight;
  target.scrollIntoView({ block: "center", behavior: near ? behaviour() : "instant" });
  if (!near) return;
  await Promise.race([
    new Promise((resolve) => scroller.addEventListener("scrollend", resolve, { once: true })),
    new Promise((resolve) => setTimeout(resolve, MOVING_MS)),
  ]);
  target.scrollIntoView({ block: "nearest", behavior: "instant" });
}

/** Smooth, unless somebody has asked for stillness. */
export function behaviour(): ScrollBehavior {
  return matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth";
}

function middleOf(scroller: HTMLElement): number | undefined {
  const list = scroller.querySelector(".items");
  const row = list && rowAt(list, scroller, scroller.clientHeight / 2);
  const seq = Number(row instanceof HTMLElement ? row.dataset["seq"] : undefined);
  return Number.isNaN(seq) ? undefined : seq;
}
