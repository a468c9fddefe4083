import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { KeyAction, Rebound } from "../../model/keys.ts";
import { KEY_ACTIONS } from "../../model/keys.ts";
import { useHome, useStrings } from "../app-context.ts";
import { Section } from "../parts/rows.tsx";
import { useScreens } from "../parts/words.ts";

/** The keys that work everywhere; each can be another one. */
export function KeysPage(): VNode {
  const words = useScreens().keys;
  const { keys } = useHome().going;
  const [waiting, setWaiting] = useState<KeyAction>();
  const [result, setResult] = useState<Rebound>("ok");
  return (
    <>
      <Section hint={words.hint}>
        {KEY_ACTIONS.map((action) => (
          <KeyRow
            key={action}
            action={action}
            waiting={waiting === action}
            onWait={(on) => {
              setResult("ok");
              setWaiting(on ? action : undefined);
            }}
            onBound={(outcome) => {
              setWaiting(undefined);
              setResult(outcome);
            }}
          />
        ))}
      </Section>
      <p class="problem" role="alert">
        {result !== "ok" && words[result]}
      </p>
      <button type="button" class="button" onClick={() => keys.reset()}>
        {words.reset}
      </button>
    </>
  );
}

type RowProps = {
  action: KeyAction;
  waiting: boolean;
  onWait: (on: boolean) => void;
  onBound: (outcome: Rebound) => void;
};

function KeyRow({ action, waiting, onWait, onBound }: RowProps): VNode {
  const words = useScreens().keys;
  const { talk } = useStrings();
  const { keys } = useHome().going;
  function press(event: KeyboardEvent): void {
    if (!waiting || event.key === "Tab") return;
    // Escape would close the panel, and other keys would press the button.
    event.preventDefault();
    event.stopPropagation();
    const chord = keys.chordOf(event);
    if (event.key === "Escape") onWait(false);
    else if (chord !== undefined) onBound(keys.rebind(action, chord));
  }
  return (
    <button
      type="button"
      class="item"
      aria-pressed={waiting}
      onClick={() => onWait(!waiting)}
      onKeyDown={press}
      onBlur={() => waiting && onWait(false)}
    >
      <span class="item-name">{talk.keys[action]}</span>
      <kbd class="item-value">{waiting ? words.press : keys.shown(keys.chords.value[action])}</kbd>
    </button>
  );
}
