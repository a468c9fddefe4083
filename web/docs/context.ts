/** What every component of this page may read. */
import { createContext } from "preact";
import type { Context } from "preact";
import { useContext } from "preact/hooks";
import type { Reference } from "./documents.ts";
import { useLanguage } from "./speech.ts";
import type { Words } from "./words/words.ts";
import { WORDS } from "./words/words.ts";

export const ReferenceContext: Context<Reference | undefined> = createContext<
  Reference | undefined
>(undefined);

export function useWords(): Words {
  return WORDS[useLanguage().language.value];
}

export function useReference(): Reference {
  const reference = useContext(ReferenceContext);
  if (reference === undefined) throw new Error("the page has no documents around it");
  return reference;
}
