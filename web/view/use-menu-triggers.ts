/**
 * What a finger, a mouse and the keys do to something with a menu: the right button, a long press, Enter or the menu key
 * open it.
 */
import { useRef } from "preact/hooks";
import type { MenuPlace } from "./menu.tsx";

const LONG_PRESS_MS = 450;
/** A finger on glass is never quite still. */
const STILL_PX = 8;

type Triggers = {
  onContextMenu: (event: MouseEvent) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onTouchStart: (event: TouchEvent) => void;
  onTouchMove: (event: TouchEvent) => void;
  onTouchEnd: (event: TouchEvent) => void;
  onTouchCancel: (event: TouchEvent) => void;
};

/** What else a finger on it may be doing. */
export type Pull = {
  begin: (x: number, y: number) => void;
  move: (row: HTMLElement, x: number, y: number) => void;
  /** `let_go`: by itself, and not because it was taken away. */
  end: (row: HTMLElement, let_go: boolean) => void;
};

type Press = { timer: number; opened: boolean; x: number; y: number };

export function useMenuTriggers(open: (place: MenuPlace) => unknown, pull?: Pull): Triggers {
  const press = useRef<Press | undefined>(undefined);
  const release = (event: TouchEvent, let_go: boolean): void => {
    clearTimeout(press.current?.timer);
    pull?.end(event.currentTarget as HTMLElement, let_go);
  };
  return {
    onContextMenu: (event) => {
      // A selection or a link has the browser's own menu.
      if (getSelection()?.isCollapsed === false || isLink(event.target)) return;
      event.preventDefault();
      // The press timer opens it on touch; both would open it twice.
      if (press.current?.opened !== true) open(placeOf(event));
    },
    onKeyDown: (event) => {
      if (event.key !== "Enter" || event.target !== event.currentTarget) return;
      const bubble = (event.currentTarget as HTMLElement).querySelector(".bubble");
      if (!bubble) return;
      event.preventDefault();
      open(bubble.getBoundingClientRect());
    },
    onTouchStart: (event) => {
      const touch = event.touches[0];
      release(event, false);
      press.current = undefined;
      if (!touch || event.touches.length > 1 || isLink(event.target)) return;
      const { clientX: x, clientY: y } = touch;
      const begun: Press = { timer: 0, opened: false, x, y };
      begun.timer = setTimeout(() => {
        begun.opened = true;
        open({ left: x, bottom: y });
      }, LONG_PRESS_MS);
      press.current = begun;
      pull?.begin(x, y);
    },
    onTouchMove: (event) => {
      const touch = event.touches[0];
      const { current } = press;
      if (!touch || !current) return;
      const { clientX, clientY } = touch;
      if (Math.hypot(clientX - current.x, clientY - current.y) > STILL_PX) {
        clearTimeout(current.timer);
      }
      if (!current.opened) pull?.move(event.currentTarget as HTMLElement, clientX, clientY);
    },
    onTouchEnd: (event) => {
      release(event, true);
      // The finger that opened the menu must not click in it.
      if (press.current?.opened === true) event.preventDefault();
    },
    onTouchCancel: (event) => release(event, false),
  };
}

/** A menu that the keyboard asked for hangs below what has the focus. */
function placeOf(event: MouseEvent): MenuPlace {
  const { clientX, clientY, currentTarget } = event;
  const pointed = clientX > 0 || clientY > 0;
  if (pointed || !(currentTarget instanceof Element)) return { left: clientX, bottom: clientY };
  const inner = currentTarget.querySelector(".bubble") ?? currentTarget;
  return inner.getBoundingClientRect();
}

function isLink(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("a") !== null;
}
