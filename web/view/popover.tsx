/** What hangs on the button that opened it, beside the page and not over it: the page can be used meanwhile. */
import type { ComponentChildren, VNode } from "preact";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import type { MenuPlace } from "./menu.tsx";
import { useBackCloses } from "./use-back.ts";

const MARGIN = 8;

/** What it hangs on: a button, or the place where one was. */
export type Anchor = HTMLElement | MenuPlace;

type Props = {
  title: string;
  anchor: Anchor;
  onClose: () => void;
  children: ComponentChildren;
};

/**
 * The browser's own popover: Escape, the back button and a press elsewhere close it, and the focus goes back to where it
 * was. It begins at the field that is marked with `data-first`.
 */
export function Popover({ title, anchor, onClose, children }: Props): VNode {
  const element = useRef<HTMLDivElement>(null);
  const heading = useId();
  useBackCloses(() => element.current?.hidePopover());
  useLayoutEffect(() => {
    const box = element.current;
    if (!box) return;
    const place = (): void => hang(box, rectOf(anchor));
    box.showPopover();
    place();
    box.querySelector<HTMLElement>("[data-first]")?.focus();
    addEventListener("resize", place);
    const stop = closeByAnchor(anchor);
    return () => {
      removeEventListener("resize", place);
      stop();
    };
  }, []);
  return (
    <div
      ref={element}
      popover="auto"
      role="dialog"
      aria-labelledby={heading}
      class="popover"
      onToggle={(event) => event.newState === "closed" && onClose()}
      // It has the keys to itself, as a dialog has.
      onKeyDown={(event) => event.stopPropagation()}
    >
      <h2 id={heading} class="hidden">
        {title}
      </h2>
      {children}
    </div>
  );
}

type Rect = Pick<DOMRect, "left" | "right" | "top" | "bottom">;

function rectOf(anchor: Anchor): Rect {
  if (anchor instanceof HTMLElement) return anchor.getBoundingClientRect();
  const { left, bottom } = anchor;
  return { left, right: left, top: bottom, bottom };
}

/** Above it where there is room, else below, and inside the window in any case; its end at the end of what it hangs on. */
function hang(box: HTMLElement, { left, right, top, bottom }: Rect): void {
  const { width, height } = box.getBoundingClientRect();
  const above = top - height - MARGIN;
  const y = above >= MARGIN ? above : bottom + MARGIN;
  const x = right - width >= MARGIN ? right - width : left;
  box.style.setProperty("--left", `${within(x, innerWidth - width)}px`);
  box.style.setProperty("--top", `${within(y, innerHeight - height)}px`);
}

const within = (at: number, most: number): number => Math.max(MARGIN, Math.min(at, most - MARGIN));

/** A press on the button that opened it closes it, as every press elsewhere does; its click would open it again. */
function closeByAnchor(anchor: Anchor): () => void {
  if (!(anchor instanceof HTMLElement)) return () => {};
  const swallow = (event: Event): void => event.stopImmediatePropagation();
  const press = (): void => {
    anchor.addEventListener("click", swallow, { capture: true, once: true });
    const lift = (): void =>
      void setTimeout(() => anchor.removeEventListener("click", swallow, true));
    addEventListener("pointerup", lift, { once: true });
  };
  anchor.addEventListener("pointerdown", press);
  return () => anchor.removeEventListener("pointerdown", press);
}
