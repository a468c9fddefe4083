import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import "../view/late-icons.ts";
import { Icon } from "../view/icons.tsx";
import { useWords } from "./context.ts";

const SHOWN_MS = 1500;

/** Puts a text on the clipboard and says so for a moment; where the clipboard is closed to pages, nothing is said. */
export function CopyButton({ text, name }: { text: string; name: string }): VNode {
  const words = useWords();
  const label = words.copyWhat(name);
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    if (!isDone) return undefined;
    const timer = setTimeout(() => setDone(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [isDone]);
  const copy = async (): Promise<void> => setDone(await copied(text));
  return (
    <button type="button" class="copy" title={label} onClick={copy}>
      <Icon name="copy" />
      <span class="hidden" role="status">
        {isDone ? words.copied : ""}
      </span>
      <span class="hidden">{label}</span>
      {isDone && <span aria-hidden="true">✓</span>}
    </button>
  );
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
