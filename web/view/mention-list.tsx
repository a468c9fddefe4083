import type { VNode } from "preact";
import type { Composer } from "../model/composer.ts";
import { useStrings } from "./app-context.ts";
import { Avatar } from "./avatar.tsx";

type Props = { id: string; composer: Composer; active: number };

export function MentionList({ id, composer, active }: Props): VNode {
  const strings = useStrings();
  return (
    <ul class="mentions" id={id} role="listbox" aria-label={strings.mention}>
      {composer.candidates.value.map((candidate, index) => (
        <li
          key={candidate.id}
          id={`${id}-${index}`}
          role="option"
          aria-selected={index === active}
          // The field keeps the focus.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => composer.choose(candidate)}
        >
          <Avatar id={candidate.id} name={candidate.name} group={candidate.id === "all"} small />
          {candidate.name}
        </li>
      ))}
    </ul>
  );
}
