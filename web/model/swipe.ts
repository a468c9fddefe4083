/** A finger that pulls a message to the side to answer it. What goes up or down is scrolling and stays so. */
const DECIDES_PX = 10;
const ANSWERS_PX = 56;
const PULLED_MAX_PX = 72;

export type Swipe = {
  from: { x: number; y: number };
  /** Undecided until the finger has gone far enough to tell. */
  way: "undecided" | "sideways" | "elsewhere";
  /** How far the message follows, in px, never to the right. */
  pulled: number;
};

export function beginSwipe(x: number, y: number): Swipe {
  return { from: { x, y }, way: "undecided", pulled: 0 };
}

export function moveSwipe(swipe: Swipe, x: number, y: number): Swipe {
  const [across, along] = [x - swipe.from.x, y - swipe.from.y];
  const way = swipe.way === "undecided" ? decide(across, along) : swipe.way;
  const pulled = way === "sideways" ? Math.min(0, Math.max(-PULLED_MAX_PX, across)) : 0;
  return { ...swipe, way, pulled };
}

/** Whether letting go now answers. */
export function answers({ pulled }: Swipe): boolean {
  return pulled <= -ANSWERS_PX;
}

function decide(across: number, along: number): Swipe["way"] {
  if (Math.hypot(across, along) < DECIDES_PX) return "undecided";
  return across < 0 && Math.abs(across) > 1.5 * Math.abs(along) ? "sideways" : "elsewhere";
}
