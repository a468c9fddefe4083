/** Going to a message: loaded if need be, in the middle, and lit up for a moment. */
import type { Chat } from "../model/chat.ts";

export async function jumpTo(chat: Chat, scroller: HTMLElement | null, seq: number): Promise<void> {
  if (scroller === null || !(await chat.timeline.reach(seq))) return;
  // The stretch may have just been loaded: what it shows is drawn by the next frame.
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  const target = scroller.querySelector(`[data-seq="${seq}"]`);
  if (target === null) return;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  target.scrollIntoView({ block: "center", behavior: calm ? "instant" : "smooth" });
  const accent = getComputedStyle(scroller).getPropertyValue("--highlight");
  target.animate([{ backgroundColor: accent }, { backgroundColor: "transparent" }], {
    duration: 1800,
    easing: "ease-in",
  });
}
