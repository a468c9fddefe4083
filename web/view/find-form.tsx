import type { Profile } from "@damso/sdk";
import type { VNode } from "preact";
import type { Finder } from "../model/finder.ts";
import { useStrings } from "./app-context.ts";

type Props = {
  finder: Finder;
  label: string;
  button: string;
  /** The dialog begins here. */
  first?: boolean;
  onFound: (profile: Profile) => void;
};

/** Finds exactly one person by the whole username. */
export function FindForm({ finder, label, button, first, onFound }: Props): VNode {
  const strings = useStrings();
  const missing = finder.missing.value;

  async function find(): Promise<void> {
    const profile = await finder.take();
    if (profile) onFound(profile);
  }
  return (
    <form
      class="find"
      onSubmit={(event) => {
        event.preventDefault();
        void find();
      }}
    >
      <label class="field">
        <span>{label}</span>
        <input
          data-first={first}
          value={finder.typed.value}
          maxLength={33}
          autocapitalize="none"
          autocomplete="off"
          spellcheck={false}
          onInput={(event) => finder.type(event.currentTarget.value)}
        />
      </label>
      <button type="submit" class="button">
        {button}
      </button>
      <p class="problem" role="alert">
        {missing !== "" && strings.nobodyFound(missing)}
      </p>
    </form>
  );
}
