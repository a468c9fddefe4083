import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useBackCloses } from "./use-back.ts";

type Modal = {
  element: RefObject<HTMLDialogElement | null>;
  close: () => void;
  /** A press beside it closes it; one that begins within, to select a text for example, and ends beside it does not. */
  beside: { onPointerDown: (event: Event) => void; onClick: (event: Event) => void };
};

/** A modal dialog of the browser's, open from its first drawing on; the back button closes it. */
export function useModal(): Modal {
  const element = useRef<HTMLDialogElement>(null);
  const close = (): void => element.current?.close();
  useEffect(() => element.current?.showModal(), []);
  useBackCloses(close);
  const pressed = useRef(false);
  const isBeside = ({ target }: Event): boolean => target === element.current;
  return {
    element,
    close,
    beside: {
      onPointerDown: (event) => void (pressed.current = isBeside(event)),
      onClick: (event) => {
        if (pressed.current && isBeside(event)) close();
      },
    },
  };
}
