/** A text as the pieces that are shown differently: words, links, mentions. */
export type Piece = { kind: "text" | "link" | "mention"; text: string };

const LINK = /https?:\/\/[^\s<>"'`]+/g;
/** What follows a link and is none of it; a closing bracket only where none was opened in it. */
const AFTER = ".,:;!?»”’";
const OPENED_BY: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
/** A Korean particle stands right behind its word. Hosts with a name in Hangul end in Hangul letters alone. */
const HOST_AND_PARTICLE = /^(https?:\/\/[\w.-]*\.[a-z]{2,})[가-힣]+$/i;
/** Longer texts, and those of more lines, are shown folded. */
const LONG_CODE_UNITS = 1200;
const LONG_LINES = 24;

/** One to three emoji and nothing else: with skin tones, joined, flags, keycaps. */
const FEW_EMOJI =
  /^(?:\p{Extended_Pictographic}(?:\p{Emoji_Modifier}|\uFE0F|\u200D\p{Extended_Pictographic})*|\p{RI}{2}|[\d#*]\uFE0F\u20E3){1,3}$/u;
/** The longest emoji have about a dozen code units. */
const FEW_CODE_UNITS = 48;

/** Whether a text is shown big, as what it is: a face and not a word. */
export function isFewEmoji(body: string): boolean {
  return body.length <= FEW_CODE_UNITS && FEW_EMOJI.test(body);
}

export function isLong(body: string): boolean {
  return body.length > LONG_CODE_UNITS || body.split("\n", LONG_LINES + 1).length > LONG_LINES;
}

/** Splits a text; `names` are what mentions of this message look like, without the `@`. */
export function pieces(body: string, names: readonly string[]): Piece[] {
  return links(body).flatMap((piece) =>
    piece.kind === "text" ? mentions(piece.text, names) : piece,
  );
}

function links(body: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of body.matchAll(LINK)) {
    const link = linkIn(match[0]);
    found.push({ kind: "text", text: body.slice(from, match.index) }, { kind: "link", text: link });
    from = match.index + link.length;
  }
  found.push({ kind: "text", text: body.slice(from) });
  return found.filter(({ text }) => text !== "");
}

/** In one pass from the end: whoever writes a hundred thousand full stops is not to keep anybody waiting. */
function linkIn(run: string): string {
  const excess = new Map<string, number>();
  let end = run.length;
  for (; end > 0; end -= 1) {
    const last = run[end - 1] ?? "";
    const opening = OPENED_BY[last];
    if (opening === undefined && !AFTER.includes(last)) break;
    if (opening === undefined) continue;
    const left = excess.get(last) ?? count(run, last) - count(run, opening);
    if (left <= 0) break;
    excess.set(last, left - 1);
  }
  const link = run.slice(0, end);
  return HOST_AND_PARTICLE.exec(link)?.[1] ?? link;
}

function count(text: string, letter: string): number {
  return text.split(letter).length - 1;
}

function mentions(text: string, names: readonly string[]): Piece[] {
  if (names.length === 0) return [{ kind: "text", text }];
  const longestFirst = names.toSorted((a, b) => b.length - a.length).map(escaped);
  const parts = text.split(new RegExp(`(@(?:${longestFirst.join("|")}))`));
  return parts
    .map((part, index): Piece => ({ kind: index % 2 === 1 ? "mention" : "text", text: part }))
    .filter((piece) => piece.text !== "");
}

function escaped(name: string): string {
  return name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}
