/** The language of the pages for developers and operators: the one that the app was set to, else the browser's. */
import type { ReadonlySignal } from "@preact/signals";
import { effect, signal } from "@preact/signals";
import { createContext } from "preact";
import type { Context } from "preact";
import { useContext } from "preact/hooks";
import { firstLanguage, LANGUAGE_KEY } from "../model/language.ts";
import type { Language } from "../model/strings/strings.ts";
import { keepIn } from "../view/keep-in.ts";

export type Choice = { language: ReadonlySignal<Language>; toggle: () => void };

export const LanguageContext: Context<Choice | undefined> = createContext<Choice | undefined>(
  undefined,
);

export function useLanguage(): Choice {
  const choice = useContext(LanguageContext);
  if (choice === undefined) throw new Error("the page has no language around it");
  return choice;
}

export function openLanguage(): Choice {
  const keep = keepIn(() => localStorage);
  const language = signal<Language>(firstLanguage(navigator.languages, keep));
  effect(() => {
    document.documentElement.lang = language.value;
  });
  return {
    language,
    toggle: () => {
      language.value = language.value === "ko" ? "en" : "ko";
      keep.set(LANGUAGE_KEY, language.value);
    },
  };
}
