/** Icons that no first page shows; whatever part of the page has one of them imports this. */
import { addIcons } from "./icons.tsx";

const late = {
  send: "M12 19V6M6 11l6-6 6 6",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  down: "M12 5v13M6 13l6 6 6-6",
  "back-up": "M9 14L4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
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
  bin: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  info: "M12 11v6M12 7.500h.01M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20c0-4 3-6 7-6s7 2 7 6",
} as const;

export type LateIconName = keyof typeof late;

addIcons(late);
