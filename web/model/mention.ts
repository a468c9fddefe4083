/** `@` and the beginning of a name: who may be meant, and what the text becomes. */
import type { Mention } from "@damso/sdk";
import { matchesName } from "./name-search.ts";

const SHOWN_MAX = 6;
const AT = /(^|\s)@([^\s@]{0,32})$/;

export type Candidate = { id: Mention; name: string };

/** What was typed after the `@` in front of the caret, or undefined when there is none. */
export function mentionQuery(text: string, caret: number): string | undefined {
  return AT.exec(text.slice(0, caret))?.[2];
}

/** Candidates whose name begins with the query; a query of Hangul consonants matches initials, `ㅈㅇ` → 지우. */
export function matching(candidates: readonly Candidate[], query: string): Candidate[] {
  return candidates.filter(({ name }) => matchesName(name, query)).slice(0, SHOWN_MAX);
}

/** The text with the mention written out, and where the caret stands then. */
export function complete(
  text: string,
  caret: number,
  name: string,
): { text: string; caret: number } {
  const query = mentionQuery(text, caret) ?? "";
  const before = `${text.slice(0, caret - query.length)}${name} `;
  return { text: before + text.slice(caret), caret: before.length };
}

/** Those chosen mentions that still stand in the text. */
export function mentionsIn(text: string, chosen: readonly Candidate[]): Mention[] {
  const found = chosen.filter(({ name }) => text.includes(`@${name}`)).map(({ id }) => id);
  return [...new Set(found)];
}
