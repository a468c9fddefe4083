import type { VNode } from "preact";
import type { Home } from "../model/home.ts";

/**
 * That the connection is being made, in place of what stands before it: it covers nothing, and when it is over at once
 * it is never seen. Screen readers are told by the bar.
 */
export function Slow({ home }: { home: Home }): VNode | null {
  const bar = home.bar.value;
  return bar?.slow === true ? (
    <span class="slow" aria-hidden="true">
      {bar.text}
    </span>
  ) : null;
}
