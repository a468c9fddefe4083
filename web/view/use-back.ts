/**
 * The back button, or gesture, closes what lies over the page: each such thing has an entry of its own in the browser's
 * history, and gives it back when it is closed in another way. A step back takes effect later, whenever the browser has
 * time for it; until then nothing is added, so that it cannot hit what came after it.
 */
import { useEffect } from "preact/hooks";
import { useApp } from "./app-context.ts";

/** `spent`: its entry is gone, and it will be too. */
type Layer = { close: () => void; entry: "none" | "made" | "spent" };

/** A step that the browser has dropped for another one never tells of its end. */
const STEP_MS_MAX = 2000;

/** What lies over the page, the topmost last. */
const layers: Layer[] = [];
/** What has to wait for the end of a step back. */
const waiting = new Set<() => void>();
const routes = new Set<() => void>();
/** Runs while a step back that was asked for here has not come to its end. */
let stepping: ReturnType<typeof setTimeout> | undefined;
let listening = false;

export function useBackCloses(close: () => void): void {
  const { pane } = useApp();
  useEffect(() => {
    // The windows of the demo share one history: going back in one would move the other.
    if (pane) return;
    listen();
    const layer: Layer = { close, entry: "none" };
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

/** Calls `route` after each step that somebody has made. */
export function followRoutes(route: () => void): () => void {
  listen();
  routes.add(route);
  return () => void routes.delete(route);
}

/** Calls `change` once no step back is under way: now, as a rule. */
export function whenStill(change: () => void): void {
  if (stepping === undefined) change();
  else waiting.add(change);
}

function listen(): void {
  if (!listening) addEventListener("popstate", moved);
  listening = true;
}

function depth(): number {
  return (history.state as { over?: number } | null)?.over ?? 0;
}

function made(): Layer[] {
  return layers.filter(({ entry }) => entry === "made");
}

/** Makes the history what lies over the page says. */
function settle(): void {
  if (stepping !== undefined) return;
  const wanted = made().length;
  if (depth() > wanted) {
    stepping = setTimeout(arrived, STEP_MS_MAX);
    return history.go(wanted - depth());
  }
  for (const layer of layers.filter(({ entry }) => entry === "none")) {
    layer.entry = "made";
    history.pushState({ over: depth() + 1 }, "");
  }
  const changes = [...waiting];
  waiting.clear();
  for (const change of changes) change();
}

function moved(): void {
  const own = stepping !== undefined;
  const left = made().slice(depth());
  for (const layer of left.reverse()) {
    layer.entry = "spent";
    layer.close();
  }
  // Where it went further than was asked for here, somebody else has gone back too.
  if (!own || left.length > 0) for (const route of routes) route();
  arrived();
}

function arrived(): void {
  clearTimeout(stepping);
  stepping = undefined;
  settle();
}
