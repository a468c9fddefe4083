/**
 * The back button, or gesture, closes what lies over the page: each such thing has an entry of its own in the browser's
 * history, and gives it back when it is closed in another way.
 */
import { useEffect } from "preact/hooks";
import { useApp } from "./app-context.ts";

type Entry = { close: () => void };

/** What lies over the page, the topmost last. */
const open: Entry[] = [];
/** Steps back that were asked for here, and whose events are still to come. */
let going = 0;

export function useBackCloses(close: () => void): void {
  const { pane } = useApp();
  useEffect(() => {
    // The windows of the demo share one history: going back in one would move the other.
    if (pane) return;
    const entry = { close };
    if (open.length === 0) addEventListener("popstate", back);
    open.push(entry);
    history.pushState({ over: open.length }, "");
    return () => leave(entry);
  }, []);
}

/** Whether the present entry of the history belongs to something that lies over the page. */
export function isOver(): boolean {
  return (history.state as { over?: number } | null)?.over !== undefined;
}

function back(): void {
  if (going > 0) going -= 1;
  else open.at(-1)?.close();
}

function leave(entry: Entry): void {
  const depth = open.indexOf(entry) + 1;
  open.splice(depth - 1, 1);
  // After a step back, or where the page has moved on, the entry is not there any more.
  if ((history.state as { over?: number } | null)?.over === depth) {
    going += 1;
    history.back();
  }
  if (open.length > 0) return;
  // The event of the last step back comes later.
  setTimeout(() => open.length === 0 && going === 0 && removeEventListener("popstate", back), 500);
}
