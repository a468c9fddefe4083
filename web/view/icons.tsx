/** Drawn here: strokes of the text's colour on a 24 grid, hidden from screen readers. */
import type { VNode } from "preact";

const paths = {
  back: "M15 5l-7 7 7 7",
  close: "M6 6l12 12M18 6L6 18",
  write: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  send: "M12 19V6M6 11l6-6 6 6",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  down: "M12 5v13M6 13l6 6 6-6",
  "back-up": "M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
  search: "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l4.500 4.500",
  forward: "M14 7l5 5-5 5M19 12h-9a5 5 0 0 0-5 5v1",
  smile:
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.500 14a4.200 4.200 0 0 0 7 0M9 9.500h.01M15 9.500h.01",
  eye: "M2.500 12s3.500-6 9.500-6 9.500 6 9.500 6-3.500 6-9.500 6-9.500-6-9.500-6zM12 14.500a2.500 2.500 0 1 0 0-5 2.500 2.500 0 0 0 0 5z",
  check: "M5 12.500l4.500 4.500L19 7.500",
  dot: "M12 15.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z",
  broom: "M14 4l6 6M17 7l-6.500 6.500M6 12l6 6-2 2H5v-3l-1-2z",
  reply: "M10 7L5 12l5 5M5 12h9a5 5 0 0 1 5 5v1",
  copy: "M9 9h10v10H9zM5 15V5h10",
  edit: "M5 19l1-4L16 5l3 3L9 18z",
  pin: "M9 4h6l-1 6 4 4H6l4-4zM12 14v6",
  bin: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  group:
    "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c0-4 3-6 6.500-6s6.500 2 6.500 6M16 4.500a3.500 3.500 0 0 1 0 6.500M18 14.500c2.200.8 3.500 2.600 3.500 5.500",
  info: "M12 11v6M12 7.500h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  quiet: "M6 16V11a6 6 0 0 1 9.500-4.900M18 10v6H8M10 19a2 2 0 0 0 4 0M4 4l16 16",
  warn: "M12 7v6M12 17h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c0-4 3-6 7-6s7 2 7 6",
} as const;

export type IconName = keyof typeof paths;

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
