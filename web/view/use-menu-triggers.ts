/**
 * What a finger, a mouse and the keys do to something with a menu: the right button, a long press, Enter or the menu key
 * open it; a pull to the side answers, where that is given.
 */
import { useRef } from "preact/hooks";
import type { Swipe } from "../model/swipe.ts";
import { answers, beginSwipe, moveSwipe } from "../model/swipe.ts";
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

type Press = { timer: number; opened: boolean; swipe: Swipe };

export function useMenuTriggers(
  open: (place: MenuPlace) => unknown,
  onSwipe?: () => void,
): Triggers {
  const press = useRef<Press | undefined>(undefined);
  const release = (): void => clearTimeout(press.current?.timer);
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
      release();
      press.current = undefined;
      if (!touch || event.touches.length > 1 || isLink(event.target)) return;
      const { clientX: left, clientY: bottom } = touch;
      const swipe = beginSwipe(left, bottom);
      const timer = setTimeout(() => {
        press.current = { timer: 0, opened: true, swipe };
        open({ left, bottom });
      }, LONG_PRESS_MS);
      press.current = { timer, opened: false, swipe };
    },
    onTouchMove: (event) => follow(press, event, onSwipe !== undefined),
    onTouchEnd: (event) => {
      release();
      if (press.current && answers(press.current.swipe)) onSwipe?.();
      letGo(press, event);
      // The finger that opened the menu must not click in it.
      if (press.current?.opened === true) event.preventDefault();
    },
    onTouchCancel: (event) => {
      release();
      letGo(press, event);
    },
  };
}

/** The message goes along with the finger; what is under the finger then is not pressed. */
function follow(press: { current: Press | undefined }, event: TouchEvent, swipes: boolean): void {
  const touch = event.touches[0];
  const { current } = press;
  if (!touch || !current) return;
  const { clientX, clientY } = touch;
  const { x, y } = current.swipe.from;
  if (Math.hypot(clientX - x, clientY - y) > STILL_PX) clearTimeout(current.timer);
  if (!swipes || current.opened) return;
  current.swipe = moveSwipe(current.swipe, clientX, clientY);
  const row = event.currentTarget as HTMLElement;
  row.classList.toggle("answers", answers(current.swipe));
  row.style.setProperty("--pulled", `${current.swipe.pulled}px`);
}

function letGo(press: { current: Press | undefined }, event: TouchEvent): void {
  if (!press.current || press.current.swipe.way !== "sideways") return;
  const row = event.currentTarget as HTMLElement;
  row.classList.remove("answers");
  row.style.removeProperty("--pulled");
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
