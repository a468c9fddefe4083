/** The part of a text around what was searched for. */
export type Piece = { text: string; hit: boolean };

const BEFORE = 40;
const AFTER = 120;

/** Undefined when the query is not in the text. Letters match whatever their case or composition. */
export function snippetOf(text: string, query: string): string | undefined {
  const flat = folded(text);
  const at = flat.indexOf(folded(query));
  if (query === "" || at === -1) return undefined;
  // Folding keeps the length of nearly every text; where it does not, the beginning is shown.
  const start = flat.length === text.length ? Math.max(0, at - BEFORE) : 0;
  const end = start === 0 ? at + AFTER : start + BEFORE + AFTER;
  const cut = text.slice(start, end).replace(/\s+/g, " ").trim();
  return `${start > 0 ? "…" : ""}${cut}${end < text.length ? "…" : ""}`;
}

/** The text with each place of the query marked. */
export function inPieces(text: string, query: string): Piece[] {
  const [flat, wanted] = [folded(text), folded(query)];
  if (wanted === "" || flat.length !== text.length) return [{ text, hit: false }];
  const pieces: Piece[] = [];
  let from = 0;
  for (let at = flat.indexOf(wanted); at !== -1; at = flat.indexOf(wanted, from)) {
    pieces.push({ text: text.slice(from, at), hit: false });
    from = at + wanted.length;
    pieces.push({ text: text.slice(at, from), hit: true });
  }
  pieces.push({ text: text.slice(from), hit: false });
  return pieces.filter((piece) => piece.text !== "");
}

function folded(text: string): string {
  return text.toLowerCase().normalize("NFC");
}
