import type { VNode } from "preact";
import { CopyButton } from "./copy-button.tsx";

/** A text to be read and copied as it stands; scrolls sideways by itself, by keyboard too. */
export function Code({ text, name }: { text: string; name: string }): VNode {
  return (
    <div class="code">
      {/* Reached by Tab, since what is scrolled by a pointer has to be scrolled by keys as well. */}
      <pre tabIndex={0} role="group" aria-label={name}>
        <code>{text}</code>
      </pre>
      <CopyButton text={text} name={name} />
    </div>
  );
}
