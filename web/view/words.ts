/** The words of the first language are loaded before anything is drawn; the other language when somebody wants it. */
import type { Words } from "../model/language.ts";
import type { Language, Strings } from "../model/strings/strings.ts";

const parts: Record<Language, () => Promise<Strings>> = {
  en: () => import("../model/strings/en.ts").then((part) => part.en),
  ko: () => import("../model/strings/ko.ts").then((part) => part.ko),
};

export async function loadWords(first: Language): Promise<Words> {
  return { known: { [first]: await parts[first]() }, load: (language) => parts[language]() };
}
