/** What is said in the small world. */
import type { SystemEvent } from "@damso/protocol";
import type { UserId } from "@damso/sdk";
import type { Line, Talk } from "./scene.ts";
import { direct, groupId, me, talk, userId } from "./scene.ts";

const system = (who: number, minutesAgo: number, event: Omit<SystemEvent, "by">): Line => [
  who,
  minutesAgo,
  "",
  { kind: "system", system: { by: userId(who), ...event } },
];
const by = (...who: number[]): UserId[] => who.map(userId);
const LONG = "천천히 읽어 주세요. 이 글은 꽤 깁니다. ".repeat(90);

const withJiwoo: Line[] = [
  ...Array.from({ length: 60 }, (_, index): Line => [
    index % 3 === 0 ? 1 : 2,
    3000 - index * 9,
    ["오늘 뭐 먹을까?", "글쎄, 국수 어때?", "좋아 좋아"][index % 3] ?? "",
  ]),
  [2, 1500, "주말에 한강 갈래? 날씨가 정말 좋을 것 같아."],
  [1, 1490, "좋지! 몇 시에 볼까?"],
  [2, 1488, "두 시쯤?", { reactions: { "👍": by(1) } }],
  [2, 1487, "돗자리는 내가 가져갈게."],
  [1, 1480, "그럼 나는 김밥이랑 과일", { reactions: { "❤️": by(2), "😂": by(1, 2) } }],
  [2, 130, LONG, { length: LONG.length }],
  [1, 126, "우와, 다 읽었어. 고마워!", { reply_to: 66 }],
  [2, 20, "지도는 여기: https://map.example/hangang?x=1 한번 봐 봐."],
  [1, 12, "오늘은 좀 늦을 것 같아", { edited_at: "2026-03-12T06:20:00.000Z" }],
  [1, 11, "삼십 분만 기다려 줘 🙏"],
  [2, 4, "응, 천천히 와! 나도 이제 막 나왔어."],
  [2, 3, "", { deleted_at: "2026-03-12T06:27:00.000Z" }],
];

const withClub: Line[] = [
  system(4, 4000, { event: "created", name: "주말 등산 모임" }),
  system(4, 3990, { event: "joined", users: by(1, 2, 3) }),
  [4, 300, "이번 주 토요일 아침 8시, 북한산 입구에서 만나요.", { pinned: true }],
  [3, 280, "Sounds good. Is there coffee on the way?"],
  [5, 279, "There is a tiny café right at the bus stop ☕"],
  [5, 278, "I can bring sandwiches for everybody."],
  [1, 270, "저는 귤 가져갈게요!", { reactions: { "🙏": by(3, 4, 5), "❤️": by(2) } }],
  system(4, 200, { event: "role", users: by(2), role: "admin" }),
  [6, 55, "비 오면 어떻게 하죠?"],
  [4, 50, "비 오면 파전에 막걸리죠 😄", { reply_to: 9 }],
  [3, 14, "@민서 can you take the bus at 7:20?", { mentions: [me] }],
  [5, 9, "I’ll save you a seat."],
];

export function talks(): Talk[] {
  return [
    talk(direct(2), [1, 2], withJiwoo, {
      peer_read: 70,
      peer_delivered: 71,
    }),
    talk(groupId(1), [4, 2, 1, 3, 5, 6, 7, 8], withClub, {
      name: "주말 등산 모임",
      pins: [3],
      read: 8,
      unread: 4,
      unread_mentions: 1,
    }),
    talk(
      direct(3),
      [1, 3],
      [
        [3, 90, "Did the package arrive?"],
        [1, 88, "Yes! It is beautiful, thank you so much."],
      ],
      { peer_read: 2, peer_delivered: 2 },
    ),
    talk(direct(10), [1, 10], [[10, 1600, "우리 강아지 밥은 먹었니?"]], { read: 0, unread: 1 }),
    talk(
      groupId(2),
      [1, 3, 5],
      [
        [5, 2000, "Moved the meeting to Thursday."],
        [1, 1990, "Fine for me"],
      ],
      {
        name: "Design review",
        muted_until: "9999-12-31T00:00:00.000Z",
        draft: "I think we should",
      },
    ),
    talk(direct(9), [1, 9], [[1, 6000, "See you in Busan"]], { peer_delivered: 1, peer_read: 0 }),
    talk(direct(8), [1, 8], [[8, 9000, "사진 고마워요"]]),
  ];
}
