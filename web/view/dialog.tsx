import type { ComponentChildren, VNode } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { useStrings } from "./app-context.ts";
import { Icon } from "./icons.tsx";

type Props = { title: string; onClose: () => void; children: ComponentChildren };

/**
 * The browser's own modal dialog: focus stays inside, Escape and a click beside it close it. It begins at the field
 * that is marked with `data-first`, if there is one.
 */
export function Dialog({ title, onClose, children }: Props): VNode {
  const element = useRef<HTMLDialogElement>(null);
  const heading = useId();
  const strings = useStrings();
  useEffect(() => {
    element.current?.showModal();
    element.current?.querySelector<HTMLElement>("[data-first]")?.focus();
  }, []);
  const close = (): void => element.current?.close();
  return (
    <dialog
      ref={element}
      class="dialog"
      aria-labelledby={heading}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === element.current) close();
      }}
    >
      <div class="dialog-body">
        <header class="dialog-head">
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
