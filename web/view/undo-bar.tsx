import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { Home } from "../model/home.ts";
import "./first.ts";
import { useStrings } from "./app-context.ts";

/** A deletion can be taken back for a few seconds. Whoever leaves the page means it. */
export function UndoBar({ home }: { home: Home }): VNode | null {
  const { talk } = useStrings();
  const { undoable, undo, flush } = home.deletions;
  useEffect(() => {
    const leave = (): void => void (document.visibilityState === "hidden" && flush());
    addEventListener("pagehide", flush);
    document.addEventListener("visibilitychange", leave);
    return () => {
      removeEventListener("pagehide", flush);
      document.removeEventListener("visibilitychange", leave);
    };
  }, [flush]);
  if (undoable.value === 0) return null;
  return (
    <div class="undo">
      {talk.deleted(undoable.value)}
      <button type="button" class="button quiet" onClick={undo}>
        {talk.undo}
      </button>
    </div>
  );
}
