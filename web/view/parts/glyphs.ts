/** Icons that only the screens have that are loaded when they are first shown. */
import { addIcons } from "../icons.tsx";

const glyphs = {
  bell: "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 20a2 2 0 0 0 4 0",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M4 12H2M22 12h-2M5 5l1.500 1.500M17.500 17.500L19 19M19 5l-1.500 1.500M6.500 17.500L5 19",
  globe:
    "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM3 12h18M12 3c3 3 3.500 6 3.500 9s-.5 6-3.500 9c-3-3-3.500-6-3.500-9s.5-6 3.500-9z",
  lock: "M6 11h12v9H6zM8.500 11V8a3.500 3.500 0 0 1 7 0v3",
  devices: "M3 5h13v9H3zM1.500 18H13M17 9h5v11h-5z",
  phone: "M7 3h10v18H7zM11 18h2",
  laptop: "M5 6h14v9H5zM2.500 19h19",
  disk: "M4 7c0-1.700 3.600-3 8-3s8 1.300 8 3-3.600 3-8 3-8-1.300-8-3zM4 7v10c0 1.700 3.600 3 8 3s8-1.300 8-3V7M4 12c0 1.700 3.600 3 8 3s8-1.300 8-3",
  keys: "M3 7h18v10H3zM7 11h.01M11 11h.01M15 11h.01M8 14h8",
  card: "M3 6h18v12H3zM9 12a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM6 16c.4-1.600 1.500-2.500 3-2.500s2.600.9 3 2.500M15 10h3M15 13h3",
  out: "M10 4H5v16h5M14 8l4 4-4 4M18 12H9",
  camera: "M4 8h3l1.500-3h7L17 8h3v11H4zM12 16.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-6-6l-1.500 1.500M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 6 6l1.500-1.500",
  qr: "M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h2v2h-2zM18 14h2v2M14 18h2v2M19 19h1v1",
  share: "M12 15V3M7.500 7.500L12 3l4.500 4.500M5 12v8h14v-8",
  image:
    "M4 5h16v14H4zM8.500 10.500a1.500 1.500 0 1 0 0-3 1.500 1.500 0 0 0 0 3zM4 17l5-5 4 4 3-3 4 4",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  save: "M12 4v11M7.500 11L12 15.500 16.500 11M5 20h14",
  block: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.700 5.700l12.600 12.600",
  next: "M9 5l7 7-7 7",
  chat: "M4 5h16v11H10l-5 4v-4H4z",
  notes: "M6 3h12v18l-6-4-6 4z",
  userPlus: "M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM3 20c0-4 3-6 7-6s7 2 7 6M19 8v6M16 11h6",
  userMinus: "M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM3 20c0-4 3-6 7-6s7 2 7 6M16 11h6",
  crown: "M4 19h16M4.500 15.500L3.500 7l5 4L12 5l3.500 6 5-4-1 8.500z",
} as const;

export type GlyphName = keyof typeof glyphs;

addIcons(glyphs);
