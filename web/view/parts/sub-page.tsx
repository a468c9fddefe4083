/** A panel with pages below its first one. */
import type { ComponentChildren, RefObject, VNode } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { useBackCloses } from "../use-back.ts";

type Props = { onBack: () => void; children: ComponentChildren };

/** A page that the back button leaves for the first one. */
export function SubPage({ onBack, children }: Props): VNode {
  useBackCloses(onBack);
  return <>{children}</>;
}

/**
 * A page begins at its top and at its way back; on the way back, at the row that led to it. `mark` is the mark of that
 * row, and undefined on the first page.
 */
export function useTop(body: RefObject<HTMLElement | null>, mark: string | undefined): void {
  const before = useRef(mark);
  useLayoutEffect(() => {
    const dialog = body.current?.closest("dialog");
    if (before.current === mark || !dialog) return;
    dialog.scrollTop = 0;
    const wanted =
      mark === undefined ? `[data-mark="${before.current ?? ""}"]` : ".dialog-head .round";
    dialog.querySelector<HTMLElement>(wanted)?.focus();
    before.current = mark;
  }, [mark]);
}
