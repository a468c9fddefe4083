/** Which language the page speaks: what the browser asks for, until the person says otherwise. */
import type { ReadonlySignal } from "@preact/signals";
import { computed, signal } from "@preact/signals";
import type { Keep } from "./keep.ts";
import { en } from "./strings/en.ts";
import { ko } from "./strings/ko.ts";
import type { Language, Strings } from "./strings/strings.ts";

const tables: Record<Language, Strings> = { en, ko };
const KEY = "damso.language";

export type Speech = {
  language: ReadonlySignal<Language>;
  strings: ReadonlySignal<Strings>;
  /** Korean to English and back; remembered. */
  toggle: () => void;
};

export function createSpeech(wanted: readonly string[], keep: Keep): Speech {
  const language = signal<Language>(pickLanguage([keep.get(KEY) ?? "", ...wanted]));
  return {
    language,
    strings: computed(() => tables[language.value]),
    toggle: () => {
      language.value = language.value === "ko" ? "en" : "ko";
      keep.set(KEY, language.value);
    },
  };
}

/** The first wanted language (BCP 47 tags, best first) that there is a table for, else English. */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.split("-")[0];
    if (base === "ko" || base === "en") return base;
  }
  return "en";
}
