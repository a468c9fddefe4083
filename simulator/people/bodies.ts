/** What people write: short and long, in scripts and signs that break careless programs. */
import type { Random } from "../kernel/random.ts";

const NAUGHTY: readonly string[] = [
  "안녕하세요 담소",
  "ㄱㄴㄷ ㅏㅑㅓ 가\u1100\u1161",
  "👨‍👩‍👧‍👦 family 🏳️‍🌈 flags 🇰🇷",
  "\u202Eright to left\u202C שלום עליכם",
  "zero\u200Bwidth\uFEFFspaces",
  'quotes " \\ / \b\f\n\r\t ends',
  "</script><img src=x onerror=alert(1)>",
  "null undefined NaN __proto__ constructor",
  "'; DROP TABLE messages; --",
  "e\u0301 combining \u{1F468}\u{1F3FD} skin",
  "\u{20000}\u{2A6D6} rare han",
  "\u0001\u0002\u001F controls",
  "   ",
  "1e999 0x7f -0 ％ｓ",
];

const WORDS: readonly string[] =
  "오늘 내일 점심 회의 좋아요 hello there see you at noon maybe ok ㅋㅋㅋ 🙂 네 아니요 그래".split(
    " ",
  );

/** `long`: the share of bodies near or at the limits. */
export function body(random: Random, long: number): string {
  if (random.chance(long)) return longBody(random);
  if (random.chance(0.2)) return random.pick(NAUGHTY);
  return Array.from({ length: random.int(1, 12) }, () => random.pick(WORDS)).join(" ");
}

/** Around the edge of what travels whole, where a cut may fall into a character, and up to the limit. */
function longBody(random: Random): string {
  const unit = random.pick(["a", "가", "😀", "e\u0301", "\u{20000}"]);
  const points = [...unit].length;
  const wanted = random.weighted({ edge: 6, middle: 3, limit: 1 });
  const count = { edge: random.int(990, 1400), middle: random.int(1400, 9000), limit: 100_000 }[
    wanted
  ];
  const shift = "x".repeat(random.int(0, 3));
  return shift + unit.repeat(Math.floor((count - shift.length) / points));
}
