/** How the page looks on this device: light or dark, contrast, the size of text. */
import type { ReadonlySignal, Signal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Keep } from "./keep.ts";
import { getJson } from "./keep.ts";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
const CONTRASTS = ["system", "more"] as const;
export type Contrast = (typeof CONTRASTS)[number];
/** Percent. Never below 100: in a field of smaller text phones zoom in. */
export const TEXT_SIZES = [100, 112, 125, 150] as const;
export type TextSize = (typeof TEXT_SIZES)[number];

export type LookValues = { theme: Theme; contrast: Contrast; text: TextSize };

export type Look = {
  values: ReadonlySignal<LookValues>;
  set: (change: Partial<LookValues>) => void;
};

const KEY = "damso.look";
const PLAIN: LookValues = { theme: "system", contrast: "system", text: 100 };

/** What was chosen here before; a value of another version is the plain one. */
export function createLook(keep: Keep): Look {
  const values: Signal<LookValues> = signal(known(getJson<Partial<LookValues>>(keep, KEY) ?? {}));
  return {
    values,
    set: (change) => {
      values.value = known({ ...values.peek(), ...change });
      keep.set(KEY, JSON.stringify(values.peek()));
    },
  };
}

function known({ theme, contrast, text }: Partial<LookValues>): LookValues {
  return {
    theme: THEMES.find((each) => each === theme) ?? PLAIN.theme,
    contrast: CONTRASTS.find((each) => each === contrast) ?? PLAIN.contrast,
    text: TEXT_SIZES.find((each) => each === text) ?? PLAIN.text,
  };
}
