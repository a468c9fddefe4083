/** Finding names while somebody types: anywhere in a word's beginning, and by Hangul initial consonants (초성). */
const CONSONANTS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const FIRST = 0xac00;
const SYLLABLES = 11_172;
/** Syllables that begin with the same consonant. */
const PER_CONSONANT = 588;
/** Syllables that begin with the same consonant and vowel: without an end, and the 27 with one. */
const PER_VOWEL = 28;

/** Whether the name, or a word of it, begins with what was typed; `ㅈㅇ`, `지ㅇ` and `지우` all find 지우. */
export function matchesName(name: string, typed: string): boolean {
  const wanted = Array.from(typed.trim().toLowerCase().normalize("NFC"));
  const spelt = name.toLowerCase().normalize("NFC");
  const places = [
    0,
    ...Array.from(spelt.matchAll(/\s+/g), ({ index, 0: gap }) => index + gap.length),
  ];
  // In Korean the given name follows the family name without a space.
  const inside = /^[가-힣]{3,4}$/.test(spelt) ? [1, 2] : [];
  return [...places, ...inside].some((place) => beginsWith(Array.from(spelt.slice(place)), wanted));
}

function beginsWith(letters: readonly string[], wanted: readonly string[]): boolean {
  return wanted.every((letter, index) => fits(letters[index], letter, index === wanted.length - 1));
}

/** The syllable that is being typed has no end yet: `지` is on the way to `진`. */
function fits(letter: string | undefined, wanted: string, last: boolean): boolean {
  if (letter === undefined) return false;
  if (letter === wanted) return true;
  const index = syllable(letter);
  if (index === undefined) return false;
  if (CONSONANTS.includes(wanted)) return CONSONANTS[Math.floor(index / PER_CONSONANT)] === wanted;
  const typed = syllable(wanted);
  const open = typed !== undefined && typed % PER_VOWEL === 0;
  return last && open && Math.floor(index / PER_VOWEL) === typed / PER_VOWEL;
}

function syllable(letter: string): number | undefined {
  const index = (letter.codePointAt(0) ?? 0) - FIRST;
  return index >= 0 && index < SYLLABLES ? index : undefined;
}
