/** What lies over the page and is loaded when it is first shown. */
import type { FunctionComponent, VNode } from "preact";
import { useStrings } from "./app-context.ts";
import type { Component } from "./later.tsx";
import { standIn } from "./later.tsx";

type Closable = { onClose: () => void };

/** A component whose code comes later; what cannot be loaded says so, and is tried again on demand. */
export function lazily<P extends Closable>(
  load: () => Promise<Component<P>>,
): FunctionComponent<P> {
  return standIn(load, {
    wait: () => null,
    failed: (retry, { onClose }) => <Failed onClose={onClose} onRetry={retry} />,
  });
}

/** An offer, whose code comes when there is one to make; what cannot be loaded is offered another time. */
export function offered<P extends object>(load: () => Promise<Component<P>>): FunctionComponent<P> {
  return standIn(load, { wait: () => null, failed: () => null });
}

/** Without a dialog: its code may be what did not come. */
function Failed({ onClose, onRetry }: Closable & { onRetry: () => void }): VNode {
  const strings = useStrings();
  return (
    <div class="offer floating" role="alert">
      <p>{strings.failedToLoad}</p>
      <button type="button" class="button quiet" onClick={onClose}>
        {strings.close}
      </button>
      <button type="button" class="button primary" onClick={onRetry}>
        {strings.tryAgain}
      </button>
    </div>
  );
}
