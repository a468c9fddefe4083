import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Host } from "../../model/host.ts";
import { useStrings } from "../app-context.ts";

/** Says that a new version is here, in a line of its own above the page, until it is used or put off. */
export function UpdatePrompt({ host }: { host: Host }): VNode | null {
  const { shell } = useStrings();
  const [later, setLater] = useState(false);
  if (!host.update.value || later) return null;
  return (
    <div class="update" role="status">
      <p>{shell.update}</p>
      <button type="button" class="button quiet" onClick={() => setLater(true)}>
        {shell.notNow}
      </button>
      <button type="button" class="button primary" onClick={host.useUpdate}>
        {shell.reload}
      </button>
    </div>
  );
}
