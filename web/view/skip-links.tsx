import type { VNode } from "preact";
import { useStrings } from "./app-context.ts";

/** The first stops of the Tab key: past what stands before a place. Seen only while they have the focus. */
export function SkipLinks({ inChat }: { inChat: boolean }): VNode {
  const { talk } = useStrings();
  return (
    <div class="skips">
      <Skip words={talk.skipToChats} to='.row[tabindex="0"]' />
      {inChat && <Skip words={talk.skipToMessages} to='.message[tabindex="0"]' />}
      {inChat && <Skip words={talk.skipToField} to=".field-text" />}
    </div>
  );
}

/** Not a link: the address of the page says which chat is open. */
function Skip({ words, to }: { words: string; to: string }): VNode {
  return (
    <button
      type="button"
      class="button"
      onClick={() => document.querySelector<HTMLElement>(to)?.focus()}
    >
      {words}
    </button>
  );
}
