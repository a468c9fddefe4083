/** What stands where there is nothing (yet), and what went wrong. */
import type { ReadonlySignal } from "@preact/signals";
import type { ComponentChildren, VNode } from "preact";
import { useStrings } from "../app-context.ts";
import type { IconName } from "../icons.tsx";
import { Icon } from "../icons.tsx";
import { useScreens } from "./words.ts";

/** As high as the rows that will come. */
export function Skeleton({ rows, faces }: { rows: number; faces?: boolean }): VNode {
  return (
    <div class="skeleton" role="status" aria-label={useScreens().loading}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} class={faces === true ? "bone faced" : "bone"} />
      ))}
    </div>
  );
}

export function Failed({ onRetry }: { onRetry: () => void }): VNode {
  const strings = useStrings();
  return (
    <div class="nothing" role="alert">
      <p>{strings.failedToLoad}</p>
      <button type="button" class="button" onClick={onRetry}>
        {strings.tryAgain}
      </button>
    </div>
  );
}

type NothingProps = { icon: IconName; title: string; text?: string; children?: ComponentChildren };

export function Nothing({ icon, title, text, children }: NothingProps): VNode {
  return (
    <div class="nothing">
      <Icon name={icon} />
      <p>{title}</p>
      {text !== undefined && <small>{text}</small>}
      {children}
    </div>
  );
}

/** What a panel has to say, above everything in it: the page's own notices are behind it. */
export function Toast({ text }: { text: ReadonlySignal<string> }): VNode {
  return (
    <p class="toast" role="alert">
      {text.value}
    </p>
  );
}
