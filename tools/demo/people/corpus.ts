/** What people say. */
import type { Random } from "../random.ts";

const SENTENCES = [
  "오늘 저녁에 뭐 먹을까?",
  "나는 국수 먹고 싶어. 너는 어때",
  "지금 버스 타고 가는 중이야, 십 분쯤 걸려",
  "비가 오니까 우산 꼭 챙겨!",
  "어제 보낸 사진 봤어? 정말 잘 나왔더라",
  "ㅋㅋㅋㅋㅋ 그건 진짜 몰랐네",
  "회의가 세 시로 바뀌었대",
  "괜찮아, 천천히 와도 돼 😊",
  "다음 주 토요일에 산에 갈 사람?",
  "김치찌개는 역시 두 번 끓여야 제맛이지",
  "할머니께서 안부 전하래",
  "그 책 다 읽으면 나한테도 빌려줘",
  "생일 축하해!! 🎂🎉",
  "음… 조금만 더 생각해 볼게",
  "문 앞에 두고 갈게, 잊지 마",
  "한강에서 자전거 탈래?",
  "가격은 12,000원이고 배송비는 따로야",
  "잠깐만, 전화 온다",
  "응",
  "나도 그렇게 생각해. 근데 시간이 좀 애매하다",
  "도착하면 알려 줘",
  "Are we still on for tomorrow?",
  "Running late, start without me",
  "That was the best soup I have had in months",
  "Could you send me the address again?",
  "No worries, take your time.",
  "I left the keys under the blue pot",
  "ok",
  "Who is bringing the tent?",
  "The train stops at every village, so bring a book",
  "Let us meet at the north exit; it is quieter there",
  "My phone died, what did I miss?",
  "Half past seven works for everyone but me",
  "Reminder: water the plants 🌱🌱",
  "Do not forget your passport this time",
  "Good night, everyone 🌙",
];

/** Texts that are easily changed on the way: each is sent in every run, and has to arrive as it was. */
export const AWKWARD: readonly string[] = [
  "뷁 쀍 꿻, 이런 글자도 잘 보이지?",
  // Decomposed: conjoining Hangul, and letters with combining marks.
  "\u1112\u1161\u11ab\u1100\u1173\u11af and cafe\u0301",
  // Composed, compatibility and half-width forms of the same.
  "한글 café ㅎㅏㄴ ﾡﾢ ﬁ Å Å",
  "첫째 줄\n둘째 줄\r\n\n\t넷째 줄\n",
  'He said "see you there" and then never came \\o/ \\u0041 %00 %20',
  "<b>not bold</b> & <script>not a script</script> ${no} {{template}}",
  "👩‍👩‍👧‍👦 family dinner at ours on Sunday 🇰🇷 👍🏽",
  "שלום, مرحبا, and hello \u202edesrever\u202c",
  "   spaces around   ",
  "\u0001\u001f\u007f\u0085\u2028\u2029\ufeff\ufffd\uffff\u{10ffff}",
  "null",
  "0",
];

export function sentence(random: Random): string {
  return random.pick(SENTENCES);
}

/** A text of exactly so many Hangul syllables, no two neighbours alike. */
export function longText(syllables: number): string {
  const [first, last] = [0xac00, 0xd7a3];
  let text = "";
  for (let i = 0; i < syllables; i++)
    text += String.fromCodePoint(first + ((i * 7919) % (last - first + 1)));
  return text;
}
