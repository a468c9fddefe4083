/**
 * The back button, or gesture, closes what lies over the page: each such thing has an entry of its own in the browser's
 * history, and gives it back when it is closed in another way. A step back takes effect later, whenever the browser has
 * time for it; until then nothing is added, so that it cannot hit what came after it.
 */
import { useEffect } from "preact/hooks";
import { useApp } from "./app-context.ts";

/** `made`: it has its entry; false once that is gone, as it will be too. */
type Layer = { close: () => void; made?: boolean };

/** What lies below. */
export type Page = {
  /** Somebody has gone a step. */
  follow: () => void;
  /** Puts what is open into the history. */
  show: () => void;
};

/** A step that the browser has dropped for another one never tells of its end. */
const STEP_MS_MAX = 2000;

/** What lies over the page, the topmost last. */
const layers: Layer[] = [];
let page: Page | undefined;
/** Runs while a step back that was asked for here has not come to its end. */
let stepping: ReturnType<typeof setTimeout> | undefined;

export function useBackCloses(close: () => void): void {
  const { pane } = useApp();
  useEffect(() => {
    // The windows of the demo share one history: going back in one would move the other.
    if (pane) return;
    listen();
    const layer: Layer = { close };
    layers.push(layer);
    settle();
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      settle();
    };
  }, []);
}

/** Whether the present entry of the history belongs to something that lies over the page. */
export function isOver(): boolean {
  return depth() > 0;
}

export function setPage(below: Page | undefined): void {
  listen();
  page = below;
}

/** Again and again is as good as once: it is the same listener. */
function listen(): void {
  addEventListener("popstate", moved);
}

function depth(): number {
  return (history.state as { over?: number } | null)?.over ?? 0;
}

/** Makes the history what the page and all that lies over it say: now, as a rule, or after the step that is under way. */
export function settle(): void {
  if (stepping !== undefined) return;
  const wanted = layers.filter(({ made }) => made).length;
  if (depth() > wanted) return step(wanted - depth());
  for (const layer of layers)
    if (layer.made === undefined) {
      layer.made = true;
      history.pushState({ ...history.state, over: depth() + 1 }, "");
    }
  page?.show();
}

/** Out of the page's present entry, with what lies over it, which has entries of its own again after. */
export function leave(): void {
  for (const layer of layers) if (layer.made) delete layer.made;
  step(-1 - depth());
}

function step(entries: number): void {
  stepping = setTimeout(arrived, STEP_MS_MAX);
  history.go(entries);
}

function moved(): void {
  const own = stepping !== undefined;
  const left = layers.filter(({ made }) => made).slice(depth());
  for (const layer of left.reverse()) {
    layer.made = false;
    layer.close();
  }
  // Where it went further than was asked for here, somebody else has gone back too.
  if (!own || left.length > 0) page?.follow();
  arrived();
}

function arrived(): void {
  clearTimeout(stepping);
  stepping = undefined;
  settle();
}
