import type { VNode } from "preact";
import { useId, useState } from "preact/hooks";
import { useStrings } from "./app-context.ts";

type Props = {
  label: string;
  autocomplete: "new-password" | "current-password";
  hint?: string;
  name?: string;
  minLength?: number;
  value?: string;
  onInput?: (text: string) => void;
};

/** A password that can be looked at, and a word when Caps Lock is on. */
export function PasswordField({ label, hint, onInput, ...input }: Props): VNode {
  const strings = useStrings();
  const [shown, setShown] = useState(false);
  const [caps, setCaps] = useState(false);
  const id = useId();
  // What fills in forms presses keys that know nothing of the others.
  const look = (event: KeyboardEvent): void =>
    setCaps("getModifierState" in event && event.getModifierState("CapsLock"));
  const field = {
    ...input,
    id,
    required: true,
    maxLength: 256,
    spellcheck: false,
    autocapitalize: "none",
    "aria-describedby": `${id}-hint`,
    onKeyDown: look,
    onKeyUp: look,
    onBlur: () => setCaps(false),
    onInput: (event: InputEvent) => onInput?.((event.currentTarget as HTMLInputElement).value),
  } as const;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <span class="password">
        {shown ? <input type="text" {...field} /> : <input type="password" {...field} />}
        <button
          type="button"
          class="round"
          aria-pressed={shown}
          aria-label={strings.showPassword}
          title={strings.showPassword}
          onClick={() => setShown(!shown)}
        >
          <Eye crossed={shown} />
        </button>
      </span>
      <small id={`${id}-hint`} aria-live="polite">
        {caps ? strings.capsLock : hint}
      </small>
    </div>
  );
}

function Eye({ crossed }: { crossed: boolean }): VNode {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d="M2.500 12C5 7.500 8.200 5.500 12 5.500s7 2 9.500 6.500c-2.500 4.500-5.700 6.500-9.500 6.500S5 16.500 2.500 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z" />
      {crossed && <path d="M4 4l16 16" />}
    </svg>
  );
}
