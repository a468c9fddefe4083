import type { ComponentChildren, VNode } from "preact";
import { useEffect, useId } from "preact/hooks";
import { useStrings } from "./app-context.ts";
import { Icon } from "./icons.tsx";
import { useModal } from "./use-modal.ts";

type Props = {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
  /** `panel`: as high as the window allows, a page of its own on a phone; `sheet`: at the bottom of a phone. */
  kind?: "card" | "panel" | "sheet";
  /** Leads one level up instead of closing. */
  onBack?: (() => void) | undefined;
};

/**
 * The browser's own modal dialog: focus stays inside and returns after, Escape, the back button and a click beside it
 * close it. It begins at the field that is marked with `data-first`, if there is one.
 */
export function Dialog({ title, onClose, children, kind = "card", onBack }: Props): VNode {
  const { element, close, beside } = useModal();
  const heading = useId();
  const strings = useStrings();
  useEffect(() => element.current?.querySelector<HTMLElement>("[data-first]")?.focus(), []);
  return (
    <dialog
      ref={element}
      class={`dialog ${kind}`}
      aria-labelledby={heading}
      // A dialog within this one closes with an event of its own that comes by here.
      onClose={(event) => event.target === element.current && onClose()}
      {...beside}
    >
      <div class="dialog-body">
        <header class="dialog-head">
          {onBack && (
            <button type="button" class="round" aria-label={strings.back} onClick={onBack}>
              <Icon name="back" />
            </button>
          )}
          <h2 id={heading}>{title}</h2>
          <button type="button" class="round" aria-label={strings.close} onClick={close}>
            <Icon name="close" />
          </button>
        </header>
        {children}
      </div>
    </dialog>
  );
}
