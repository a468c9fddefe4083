import type { VNode } from "preact";
import { useScreens } from "../parts/words.ts";

export function KeysPage(): VNode {
  return <p class="section-hint">{useScreens().keys.hint}</p>;
}
