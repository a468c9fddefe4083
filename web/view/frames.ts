/**
 * Draws at most once a frame: of a hundred messages that come in at once, not each is worth a drawing of its own. A page
 * that is not seen gets no frames, and has a title to keep.
 */
import { options } from "preact";

const UNSEEN_MS = 100;

export function drawByFrames(): void {
  options.debounceRendering = (draw) => {
    const once = (): void => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      draw();
    };
    const frame = requestAnimationFrame(once);
    const timer = setTimeout(once, UNSEEN_MS);
  };
}
