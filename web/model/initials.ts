/** The face of somebody without a picture: a letter or two on a colour that stays the same. */

/** How many colours the style sheet has. */
const COLOURS = 8;

/** The family names of nearly everybody in Korea. */
const FAMILY =
  "김이박최정강조윤장임한오서신권황안송류전홍고문양손배백허유남심노하곽성차주우구민진나엄";

/** The given name of a Korean name (`김지우` → `지우`), else two syllables, else the first letters of two words. */
export function initials(name: string): string {
  const [first = "", second = ""] = name.trim().split(/\s+/);
  if (/^[가-힣]{2,}$/.test(first)) {
    const full = first.length === 3 && FAMILY.includes(first.slice(0, 1));
    return full ? first.slice(1) : first.slice(0, 2);
  }
  return (letterOf(first) + letterOf(second)).toUpperCase();
}

function letterOf(word: string): string {
  return Array.from(word)[0] ?? "";
}

/** A number below 8 that is the same for the same id on every device. */
export function colourOf(id: string): number {
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 65_521;
  return sum % COLOURS;
}
