/** The text field: grows with its text, and knows when the Enter key sends. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import type { Field as Wanted } from "../model/composer.ts";
import type { EnterEvent, EnterState } from "../model/enter.ts";
import { idle, onEnterEvent } from "../model/enter.ts";

/** Keyboards on glass have a button for sending; their Enter is a new line. */
const onGlass = matchMedia("(pointer: coarse)");

type Events = {
  onInput: (event: InputEvent) => void;
  onSelect: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onKeyUp: (event: KeyboardEvent) => void;
  onCompositionUpdate: (event: CompositionEvent) => void;
  onCompositionEnd: (event: CompositionEvent) => void;
  onBeforeInput: (event: InputEvent) => void;
};

type Field = {
  element: RefObject<HTMLTextAreaElement | null>;
  events: Events;
  submit: () => void;
  /** Tells the model where the caret stands: something is to be put in there. */
  look: () => void;
};

/** What lies over the field is asked first: true when it took the key, or what Enter would do. */
type Over = { onKey: (event: KeyboardEvent) => boolean; take: () => boolean };

export function useField(chat: Chat, over: Over): Field {
  const { composer } = chat;
  const element = useRef<HTMLTextAreaElement>(null);
  const state = useRef<EnterState>(idle);

  const show = useShown(chat, element, () => state.current.composing);

  function told(): void {
    const box = element.current;
    if (!box) return;
    composer.type(box.value, box.selectionStart);
    grow(box);
  }

  function look(): void {
    const box = element.current;
    if (box) composer.look(box.value, box.selectionStart);
  }

  function submit(): void {
    told();
    composer.submit();
    show(composer.field.peek());
    element.current?.focus();
  }

  function enter(): void {
    told();
    if (over.take()) show(composer.field.peek());
    else submit();
  }

  /** Out of a reply or an edit first; what is written keeps the chat open. */
  function leave(event: KeyboardEvent): void {
    const begun = composer.mode.peek().kind !== "new";
    if (begun) composer.cancel();
    if (begun || element.current?.value !== "") event.preventDefault();
  }

  function step(event: EnterEvent, cause: Event): void {
    const { state: next, send, prevent } = onEnterEvent(state.current, event);
    state.current = next;
    if (prevent) cause.preventDefault();
    if (send === "now") enter();
    if (send === "soon") setTimeout(enter, 0);
  }

  return {
    element,
    submit,
    look,
    events: {
      onInput: told,
      onSelect: () => {
        if (element.current?.value.includes("@") === true) look();
      },
      onKeyDown: (event) => {
        if (over.onKey(event)) return;
        if (event.key === "Escape" && !event.isComposing) leave(event);
        if (isPlainUp(event) && element.current?.value === "") void chat.editLast();
        step(keydown(event), event);
      },
      onKeyUp: (event) => step({ type: "keyup", enter: isEnter(event) }, event),
      onCompositionUpdate: (event) => step({ type: "composition", text: event.data }, event),
      onCompositionEnd: (event) => step({ type: "compositionend", text: event.data }, event),
      onBeforeInput: (event) => {
        const breaks =
          event.inputType === "insertLineBreak" || event.inputType === "insertParagraph";
        if (breaks) step({ type: "linebreak" }, event);
      },
    },
  };
}

function keydown(event: KeyboardEvent): EnterEvent {
  const plain = !event.shiftKey && !event.altKey && !onGlass.matches;
  const { isComposing: composing, keyCode: code } = event;
  return { type: "keydown", enter: isEnter(event), plain, composing, code };
}

/** With a modifier it may be a key of the page's: the chat above, for one. */
function isPlainUp({ key, altKey, ctrlKey, metaKey, shiftKey }: KeyboardEvent): boolean {
  return key === "ArrowUp" && !altKey && !ctrlKey && !metaKey && !shiftKey;
}

/** While something is being composed, Windows calls every key `Process`. */
function isEnter({ key, code }: KeyboardEvent): boolean {
  return key === "Enter" || (key === "Process" && /^(Numpad)?Enter$/.test(code));
}

/**
 * Puts into the field what the model wants there, and the caret after it. The answer does so at once: the next letter
 * can be here before the page is drawn anew, and is then not to be put away.
 */
function useShown(
  { composer }: Chat,
  element: RefObject<HTMLTextAreaElement | null>,
  composing: () => boolean,
): (wanted: Wanted) => void {
  const wanted = composer.field.value;
  const mode = composer.mode.value;
  const shown = useRef<Wanted | undefined>(undefined);
  const show = (next: Wanted): void => {
    const box = element.current;
    if (!box || shown.current === next) return;
    shown.current = next;
    const same = box.value === next.text;
    // Another text ends a composition first; the same text leaves it, and its caret, alone.
    if (composing() && same) return;
    if (composing()) box.blur();
    if (!same) box.value = next.text;
    box.setSelectionRange(next.caret, next.caret);
    // Measuring lays the whole page out; an empty field that has not grown needs none.
    if (next.text !== "" || box.style.blockSize !== "") grow(box);
  };
  useLayoutEffect(() => show(wanted), [wanted]);
  useEffect(() => {
    // On glass the keyboard comes up only when it is wanted: for a reply or an edit.
    if (mode.kind !== "new" || !onGlass.matches) element.current?.focus();
  }, [mode]);
  return show;
}

/** As high as its text; the style sheet says how high at most. */
function grow(box: HTMLTextAreaElement): void {
  box.style.blockSize = "auto";
  box.style.blockSize = `${box.scrollHeight}px`;
}
