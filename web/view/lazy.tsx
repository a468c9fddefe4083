/** Screens that are loaded when they are first shown. */
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useStrings } from "./app-context.ts";

type Component<P> = (props: P) => VNode | null;
type Closable = { onClose: () => void };

/** A component whose code comes later; what cannot be loaded says so, and is tried again on demand. */
export function lazily<P extends Closable>(load: () => Promise<Component<P>>): Component<P> {
  let loaded: Component<P> | undefined;
  return function Lazy(props: P): VNode | null {
    const [, draw] = useState(0);
    const [failed, setFailed] = useState(false);
    useEffect(() => {
      if (loaded !== undefined || failed) return;
      load().then(
        (component) => {
          loaded = component;
          draw((count) => count + 1);
        },
        () => setFailed(true),
      );
    }, [failed]);
    if (failed) return <Failed onClose={props.onClose} onRetry={() => setFailed(false)} />;
    const Loaded = loaded;
    return Loaded ? <Loaded {...props} /> : null;
  };
}

/** Without a dialog: its code may be what did not come. */
function Failed({ onClose, onRetry }: Closable & { onRetry: () => void }): VNode {
  const strings = useStrings();
  return (
    <div class="update" role="alert">
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
