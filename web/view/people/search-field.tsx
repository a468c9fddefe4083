import type { VNode } from "preact";
import { isComposed } from "../composing.ts";
import { Icon } from "../icons.tsx";

type Props = {
  label: string;
  value: string;
  first?: boolean;
  onInput: (text: string) => void;
  onEnter?: () => void;
};

export function SearchField({ label, value, first, onInput, onEnter }: Props): VNode {
  return (
    <label class="search">
      <Icon name="search" />
      <span class="hidden">{label}</span>
      <input
        type="search"
        data-first={first}
        placeholder={label}
        value={value}
        maxLength={64}
        autocapitalize="none"
        autocomplete="off"
        spellcheck={false}
        enterkeyhint="search"
        onInput={(event) => onInput(event.currentTarget.value)}
        onKeyDown={(event) => {
          // A key that ends a Hangul syllable is no command.
          if (event.key !== "Enter" || isComposed(event)) return;
          event.preventDefault();
          onEnter?.();
        }}
      />
    </label>
  );
}
