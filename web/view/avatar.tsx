import type { VNode } from "preact";
import { colourOf, initials } from "../model/initials.ts";
import { Icon } from "./icons.tsx";

type Props = { id: string; name: string; group?: boolean; online?: boolean; small?: boolean };

/** The presence dot is only a hint: the words stand elsewhere. */
export function Avatar({ id, name, group = false, online = false, small = false }: Props): VNode {
  return (
    <span class={`avatar colour-${colourOf(id)}${small ? " small" : ""}`} aria-hidden="true">
      {group ? <Icon name="group" /> : initials(name)}
      {online && <span class="dot" />}
    </span>
  );
}
