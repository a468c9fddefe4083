import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { useBackCloses } from "./use-back.ts";

type Modal = { element: RefObject<HTMLDialogElement | null>; close: () => void };

/** A modal dialog of the browser's, open from its first drawing on; the back button closes it. */
export function useModal(): Modal {
  const element = useRef<HTMLDialogElement>(null);
  const close = (): void => element.current?.close();
  useEffect(() => element.current?.showModal(), []);
  useBackCloses(close);
  return { element, close };
}
