/** A text as the pieces that are shown differently: words, links, mentions. */
export type Piece = { kind: "text" | "link" | "mention"; text: string };

const LINK = /https?:\/\/[^\s<>"'`]+/g;
const TRAILING = /[.,:;!?)\]}»”’]+$/;
/** Longer texts, and those of more lines, are shown folded. */
const LONG_CODE_UNITS = 1200;
const LONG_LINES = 24;

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
    const link = match[0].replace(TRAILING, "");
    found.push({ kind: "text", text: body.slice(from, match.index) }, { kind: "link", text: link });
    from = match.index + link.length;
  }
  found.push({ kind: "text", text: body.slice(from) });
  return found.filter(({ text }) => text !== "");
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
