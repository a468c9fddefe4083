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

/** Those whose names stand in the text; of two with the same name the first one. A longer name takes its letters away. */
export function mentionsIn(text: string, candidates: readonly Candidate[]): Mention[] {
  const found = new Set<Candidate>();
  let rest = text;
  for (const candidate of candidates.toSorted((a, b) => b.name.length - a.name.length)) {
    const written = `@${candidate.name}`;
    if (!standsIn(rest, written)) continue;
    found.add(candidate);
    rest = rest.replaceAll(written, " ");
  }
  return [...new Set(candidates.filter((each) => found.has(each)).map(({ id }) => id))];
}

/** After a space, and not as the beginning of a longer word; Korean particles follow a name without a space. */
function standsIn(text: string, written: string): boolean {
  for (let at = text.indexOf(written); at !== -1; at = text.indexOf(written, at + 1)) {
    const after = text.charAt(at + written.length);
    if (!/\S/.test(text.charAt(at - 1)) && !/[a-z0-9]/i.test(after)) return true;
  }
  return false;
}
