import type { ComponentChildren, VNode } from "preact";
import { useId } from "preact/hooks";
import { useStrings } from "../app-context.ts";
import { useModal } from "../use-modal.ts";

type Props = {
  title: string;
  text?: string;
  /** What happens, as a verb. */
  button: string;
  danger?: boolean;
  children?: ComponentChildren;
  onConfirm: () => void;
  onClose: () => void;
};

/** Asks before something that is not taken back easily. It begins at the button that changes nothing. */
export function Confirm(props: Props): VNode {
  const { title, text, button, danger, children, onConfirm, onClose } = props;
  const strings = useStrings();
  const { element, close, beside } = useModal();
  const heading = useId();
  return (
    <dialog
      ref={element}
      class="dialog confirm"
      role="alertdialog"
      aria-labelledby={heading}
      onClose={(event) => {
        event.stopPropagation();
        onClose();
      }}
      {...beside}
      onClick={(event) => {
        event.stopPropagation();
        beside.onClick(event);
      }}
    >
      <form
        class="dialog-body"
        onSubmit={(event) => {
          event.preventDefault();
          close();
          onConfirm();
        }}
      >
        <h2 id={heading}>{title}</h2>
        {text !== undefined && <p>{text}</p>}
        {children}
        <div class="pair">
          <button type="button" class="button" onClick={close}>
            {strings.cancel}
          </button>
          <button type="submit" class={`button primary${danger === true ? " danger" : ""}`}>
            {button}
          </button>
        </div>
      </form>
    </dialog>
  );
}
