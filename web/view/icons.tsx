/** Drawn here: strokes of the text's colour on a 24 grid, hidden from screen readers. */
import type { VNode } from "preact";
import type { LateIconName } from "./late-icons.ts";
import type { GlyphName } from "./parts/glyphs.ts";

const first = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  write: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.500 4.500",
  pin: "M9 4h6l-1 6 4 4H6l4-4zM12 14v6",
  group:
    "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c0-4 3-6 6.500-6s6.500 2 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6.500M18 14.500c2.200.8 3.500 2.600 3.500 5.500",
  quiet: "M6 16V11a6 6 0 0 1 9.500-4.900M18 10v6H8M10 19a2 2 0 0 0 4 0M4 4l16 16",
} as const;

export type IconName = keyof typeof first | LateIconName | GlyphName;

const paths: Partial<Record<IconName, string>> = { ...first };

/** Takes in those that the first page does not need. */
export function addIcons(late: Readonly<Partial<Record<IconName, string>>>): void {
  Object.assign(paths, late);
}

export function Icon({ name }: { name: IconName }): VNode {
  return (
    <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

export function Logo(): VNode {
  return (
    <svg class="logo" viewBox="0 0 64 64" aria-hidden="true">
      <path
        class="logo-front"
        d="M8 14a8 8 0 0 1 8-8h24a8 8 0 0 1 8 8v14a8 8 0 0 1-8 8H24L13 45v-9.600A8 8 0 0 1 8 28z"
      />
      <path
        class="logo-back"
        d="M54 24h-2v5a11 11 0 0 1-11 11H26v4a7 7 0 0 0 7 7h9l10 8v-8h2a7 7 0 0 0 7-7V31a7 7 0 0 0-7-7z"
      />
      <path class="logo-dots" d="M20 21h.01M28 21h.01M36 21h.01" />
    </svg>
  );
}
