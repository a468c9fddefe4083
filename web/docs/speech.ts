/** The language of the pages for developers and operators: the one that the app was set to, else the browser's. */
import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";
import { createContext } from "preact";
import type { Context } from "preact";
import { useContext } from "preact/hooks";
import { pickLanguage } from "../model/language.ts";
import type { Language } from "../model/strings/strings.ts";

const KEY = "damso.language";

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
  const language = signal<Language>(pickLanguage([kept(), ...navigator.languages]));
  document.documentElement.lang = language.value;
  return {
    language,
    toggle: () => {
      language.value = language.value === "ko" ? "en" : "ko";
      document.documentElement.lang = language.value;
      keep(language.value);
    },
  };
}

/** A browser can forbid storage, by throwing on the mere mention of it: then the choice is for this visit. */
function kept(): string {
  try {
    return localStorage.getItem(KEY) ?? "";
  } catch {
    return "";
  }
}

function keep(language: Language): void {
  try {
    localStorage.setItem(KEY, language);
  } catch {
    // For this visit, as said.
  }
}
