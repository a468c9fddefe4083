/** The ways to a message's menu: the right button, a long press, Enter or the menu key on the focused message. */
import { useRef } from "preact/hooks";
import type { MenuPlace } from "./message-menu.tsx";

const LONG_PRESS_MS = 450;

type Triggers = {
  onContextMenu: (event: MouseEvent) => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onTouchStart: (event: TouchEvent) => void;
  onTouchMove: () => void;
  onTouchEnd: (event: TouchEvent) => void;
};

export function useMenuTriggers(open: (place: MenuPlace) => unknown): Triggers {
  const press = useRef<{ timer: number; opened: boolean } | undefined>(undefined);
  const release = (): void => clearTimeout(press.current?.timer);
  return {
    onContextMenu: (event) => {
      // A selection or a link has the browser's own menu.
      if (getSelection()?.isCollapsed === false || isLink(event.target)) return;
      event.preventDefault();
      // The press timer opens it on touch; both would open it twice.
      if (press.current?.opened !== true) open({ left: event.clientX, bottom: event.clientY });
    },
    onKeyDown: (event) => {
      if (event.key !== "Enter" || event.target !== event.currentTarget) return;
      event.preventDefault();
      const bubble = (event.currentTarget as HTMLElement).querySelector(".bubble");
      if (bubble) open(bubble.getBoundingClientRect());
    },
    onTouchStart: (event) => {
      const touch = event.touches[0];
      release();
      press.current = undefined;
      if (!touch || event.touches.length > 1 || isLink(event.target)) return;
      const { clientX: left, clientY: bottom } = touch;
      const timer = setTimeout(() => {
        press.current = { timer: 0, opened: true };
        open({ left, bottom });
      }, LONG_PRESS_MS);
      press.current = { timer: timer, opened: false };
    },
    onTouchMove: release,
    onTouchEnd: (event) => {
      release();
      // The finger that opened the menu must not click in it.
      if (press.current?.opened === true) event.preventDefault();
    },
  };
}

function isLink(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest("a") !== null;
}
