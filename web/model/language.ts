/** Which language the page speaks: what the browser asks for, until the person says otherwise. */
import type { ReadonlySignal } from "@preact/signals";
import { computed, signal } from "@preact/signals";
import type { Keep } from "./keep.ts";
import type { Language, Strings } from "./strings/strings.ts";

/** Under which the choice is kept. */
export const LANGUAGE_KEY = "damso.language";

export type Speech = {
  language: ReadonlySignal<Language>;
  strings: ReadonlySignal<Strings>;
  /** The language as it is written where the person lives, a BCP 47 tag: for times and numbers. */
  locale: ReadonlySignal<string>;
  /** Korean to English and back; remembered. */
  toggle: () => void;
};

/** The words of each language: those of the first one are here, others are loaded when they are asked for. */
export type Words = {
  known: Readonly<Partial<Record<Language, Strings>>>;
  load: (language: Language) => Promise<Strings>;
};

export function createSpeech(wanted: readonly string[], keep: Keep, words: Words): Speech {
  const first = firstLanguage(wanted, keep);
  const known = words.known[first];
  if (known === undefined) throw new Error(`the words of ${first} are not loaded`);
  const spoken = signal({ language: first, strings: known });
  const speak = (language: Language, strings: Strings): void => {
    spoken.value = { language, strings };
    keep.set(LANGUAGE_KEY, language);
  };
  return {
    language: computed(() => spoken.value.language),
    strings: computed(() => spoken.value.strings),
    locale: computed(() => localeOf(spoken.value.language, wanted)),
    toggle: () => {
      const next = spoken.peek().language === "ko" ? "en" : "ko";
      const here = words.known[next];
      if (here) return speak(next, here);
      // Without a network it stays as it is.
      words.load(next).then(
        (strings) => speak(next, strings),
        () => {},
      );
    },
  };
}

export function firstLanguage(wanted: readonly string[], keep: Keep): Language {
  return pickLanguage([keep.get(LANGUAGE_KEY) ?? "", ...wanted]);
}

/** Browsers are known to name what is no tag, and formats refuse that. */
const TAG = /^[a-z]+(-[a-z\d]+)*$/i;

function localeOf(language: Language, wanted: readonly string[]): string {
  return wanted.find((tag) => TAG.test(tag) && tag.split("-")[0] === language) ?? language;
}

/** The first wanted language (BCP 47 tags, best first) that there is a table for, else English. */
export function pickLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const base = tag.split("-")[0];
    if (base === "ko" || base === "en") return base;
  }
  return "en";
}
