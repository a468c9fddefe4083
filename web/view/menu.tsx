/** A menu that hangs where it was asked for; on a narrow screen it is a sheet at the bottom. */
import type { ComponentChildren, RefObject, VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { IconName } from "./icons.tsx";
import { Icon } from "./icons.tsx";
import { useBackCloses } from "./use-back.ts";

const MARGIN = 8;

/** Where a menu hangs: its left edge and its top, in the window. */
export type MenuPlace = { left: number; bottom: number };

/** One line of a menu. What cannot be taken back has a question, and is done when it is picked again. */
export type MenuEntry = {
  icon: IconName;
  words: string;
  sure?: string;
  danger?: boolean;
  run: () => void;
};

type Props = {
  label: string;
  place: MenuPlace;
  entries: readonly MenuEntry[];
  /** Above the entries; `close` puts the menu away and then runs something. */
  head?: (close: (then: () => void) => void) => ComponentChildren;
  onClose: () => void;
};

export function Menu({ label, place, entries, head, onClose }: Props): VNode {
  const element = useRef<HTMLDialogElement>(null);
  const close = (): void => element.current?.close();
  useLayoutEffect(() => {
    element.current?.showModal();
    if (element.current) hang(element.current, place);
  }, []);
  useClosing(element, place);
  useBackCloses(close);
  const closeThen = (then: () => void): void => {
    close();
    then();
  };
  return (
    <dialog
      ref={element}
      class="menu"
      aria-label={label}
      onClose={onClose}
      onClick={(event) => event.target === element.current && close()}
      onKeyDown={(event) => walk(event, element.current)}
      onContextMenu={(event) => event.preventDefault()}
    >
      {head?.(closeThen)}
      {entries.map((entry) => (
        <MenuItem key={entry.words} entry={entry} onPick={() => closeThen(entry.run)} />
      ))}
    </dialog>
  );
}

function MenuItem({ entry, onPick }: { entry: MenuEntry; onPick: () => void }): VNode {
  const [asked, setAsked] = useState(false);
  const { icon, words, sure, danger } = entry;
  const asks = sure !== undefined && !asked;
  return (
    <button
      type="button"
      class={`menu-item${danger === true ? " danger" : ""}`}
      onClick={() => (asks ? setAsked(true) : onPick())}
    >
      <Icon name={icon} />
      <span aria-live={sure === undefined ? undefined : "polite"}>{asked ? sure : words}</span>
    </button>
  );
}

/** Arrows go from one button to the next, around the ends. */
function walk(event: KeyboardEvent, menu: HTMLElement | null): void {
  const forward = event.key === "ArrowDown" || event.key === "ArrowRight";
  if (!forward && event.key !== "ArrowUp" && event.key !== "ArrowLeft") return;
  const buttons = [...(menu?.querySelectorAll("button") ?? [])];
  const here = buttons.indexOf(document.activeElement as HTMLButtonElement);
  const next = (here + (forward ? 1 : -1) + buttons.length) % buttons.length;
  event.preventDefault();
  buttons[next]?.focus();
}

/** Beside what was clicked, to the inner side of it, and inside the window. */
function hang(menu: HTMLElement, { left, bottom }: MenuPlace): void {
  const { width, height } = menu.getBoundingClientRect();
  const x = left + width + MARGIN > innerWidth ? left - width : left;
  const y = Math.min(bottom + 4, innerHeight - height - MARGIN);
  menu.style.setProperty("--left", `${Math.max(MARGIN, x)}px`);
  menu.style.setProperty("--top", `${Math.max(MARGIN, y)}px`);
}

/**
 * What the menu hangs on moves with the window: then it goes. A window that is only higher or lower is a phone whose
 * keyboard goes or comes, which a menu itself brings about.
 */
function useClosing(element: RefObject<HTMLDialogElement | null>, place: MenuPlace): void {
  useEffect(() => {
    const width = innerWidth;
    const look = (): void => {
      if (innerWidth !== width) element.current?.close();
      else if (element.current) hang(element.current, place);
    };
    addEventListener("resize", look);
    return () => removeEventListener("resize", look);
  }, []);
}
