/** Screens whose code is a part of its own: fetched with the first one that needs it, or a little ahead of that. */
import type { FunctionComponent, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useStrings } from "./app-context.ts";

export type Component<P> = (props: P) => VNode | null;
type Later<P> = FunctionComponent<P> & { preload: () => Promise<unknown> };

/** What stands in the place of code that is not here: that is still to come, and that did not come. */
type Stand<P> = { wait: () => VNode | null; failed: (retry: () => void, props: P) => VNode | null };

/** Keeps the place until the code is here, which from the cache of the app is at once. */
export function later<P extends object>(load: () => Promise<Component<P>>): Later<P> {
  return standIn(load, {
    wait: () => <main class="no-chat" />,
    failed: (retry) => <Failed onRetry={retry} />,
  });
}

/** A component whose code comes later; what did not come is asked for again on demand. */
export function standIn<P extends object>(
  load: () => Promise<Component<P>>,
  stand: Stand<P>,
): Later<P> {
  let loaded: Component<P> | undefined;
  let loading: Promise<unknown> | undefined;
  const preload = (): Promise<unknown> => {
    loading ??= load().then(
      (component) => (loaded = component),
      (error: unknown) => {
        loading = undefined;
        throw error;
      },
    );
    return loading;
  };
  const Late = (props: P): VNode | null => {
    const [, drawn] = useState(false);
    const [failed, setFailed] = useState(false);
    const Loaded = loaded;
    useEffect(() => {
      // It may have come since this was drawn without it.
      if (Loaded !== undefined || failed) return;
      preload().then(
        () => drawn(true),
        () => setFailed(true),
      );
    }, [failed]);
    if (Loaded !== undefined) return <Loaded {...props} />;
    return failed ? stand.failed(() => setFailed(false), props) : stand.wait();
  };
  return Object.assign(Late, { preload });
}

function Failed({ onRetry }: { onRetry: () => void }): VNode {
  const strings = useStrings();
  return (
    <main class="no-chat">
      <p role="alert">{strings.failedToLoad}</p>
      <button type="button" class="button primary" onClick={onRetry}>
        {strings.tryAgain}
      </button>
    </main>
  );
}
