/** A small world to take pictures of: Min-seo, her friends, and what they say to each other. */
import type { Client, Session, UserId } from "@damso/sdk";
import { createClient, memoryStore, signUp } from "@damso/sdk";
import { PASSWORD } from "../steps.ts";

export const HER = "minseo";

type Talk = readonly (readonly [who: string, text: string])[];

const names: Record<string, string> = {
  [HER]: "민서",
  jiwoo: "지우",
  sam: "Sam",
  halmoni: "할머니",
  noah: "Noah Kim",
};

const direct: Record<string, Talk> = {
  halmoni: [["halmoni", "우리 강아지 밥은 먹었니?"]],
  sam: [
    ["sam", "Did the package arrive?"],
    [HER, "Yes! It is beautiful, thank you so much."],
  ],
  jiwoo: [
    ["jiwoo", "주말에 한강 갈래? 날씨가 정말 좋을 것 같아."],
    [HER, "좋지! 몇 시에 볼까?"],
    ["jiwoo", "두 시쯤?"],
    ["jiwoo", "돗자리는 내가 가져갈게."],
    [HER, "그럼 나는 김밥이랑 과일 🍓"],
    ["jiwoo", "오늘은 좀 늦을 것 같아"],
    [HER, "응, 천천히 와! 나도 이제 막 나왔어."],
  ],
};

const club: Talk = [
  ["noah", "이번 주 토요일 아침 8시, 북한산 입구에서 만나요."],
  ["sam", "Sounds good. Is there coffee on the way?"],
  ["noah", "There is a tiny café right at the bus stop ☕"],
  [HER, "저는 귤 가져갈게요!"],
  ["jiwoo", "비 오면 파전에 막걸리죠 😄"],
  ["sam", "I’ll save you a seat."],
];

export type World = { stop: () => Promise<void> };

/** Signs everybody up and lets them talk; what they said is on the server when this resolves. */
export async function fillWorld(server: string): Promise<World> {
  const people = new Map<string, Client>();
  const ids = new Map<string, UserId>();
  for (const [username, name] of Object.entries(names)) {
    const session: Session = await signUp({ server, username, password: PASSWORD, name });
    const client = createClient({ session, store: memoryStore() });
    await client.start();
    people.set(username, client);
    ids.set(username, session.user_id);
  }
  const client = (who: string): Client => people.get(who) as Client;
  const id = (who: string): UserId => ids.get(who) as UserId;
  for (const [other, talk] of Object.entries(direct)) {
    for (const [who, text] of talk) {
      await client(who).send(client(who).direct(id(who === HER ? other : HER)), text);
    }
  }
  const members = ["sam", "jiwoo", HER].map(id);
  const group = await client("noah").createGroup({ name: "주말 등산 모임", members });
  for (const [who, text] of club) await client(who).send(group.id, text);
  const read = client(HER).direct(id("jiwoo"));
  await client("jiwoo").open(read);
  client("jiwoo").read(read, direct["jiwoo"]?.length ?? 0);
  return { stop: async () => void (await Promise.all([...people.values()].map((p) => p.stop()))) };
}
