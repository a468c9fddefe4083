/** The face of somebody without a picture: a letter or two on a colour that stays the same. */

/** How many colours the style sheet has. */
const COLOURS = 8;

/** One Hangul syllable of the given name (`김지우` → `지우`), else the first letters of the first two words. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const [first = "", second = ""] = words;
  if (/^[가-힣]{2,4}$/.test(first)) return first.slice(-2);
  const letters = [...first].slice(0, 1).concat([...second].slice(0, 1));
  return letters.join("").toUpperCase();
}

/** A number below 8 that is the same for the same id on every device. */
export function colourOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return sum % COLOURS;
}
