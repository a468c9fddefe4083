import type { VNode } from "preact";
import type { IconName } from "../icons.tsx";
import { Icon } from "../icons.tsx";

export type Tile = {
  icon: IconName;
  word: string;
  danger?: boolean;
  disabled?: boolean;
  run: () => void;
};

/** A few things to do, side by side. */
export function Tiles({ tiles }: { tiles: readonly Tile[] }): VNode {
  return (
    <div class="tiles">
      {tiles.map(({ icon, word, danger, disabled, run }) => (
        <button
          key={icon}
          type="button"
          class={danger === true ? "tile danger" : "tile"}
          disabled={disabled === true}
          onClick={run}
        >
          <Icon name={icon} />
          {word}
        </button>
      ))}
    </div>
  );
}
