/** Sends that were answered long ago are made again, by plain HTTP and with another text: the first answer has to come back. */
import type { UserId } from "@damso/protocol";
import type { Door, Place, Send } from "../check/evidence.ts";
import type { Random } from "../random.ts";
import { each } from "./http.ts";
import type { Account, Http, Reply } from "./http.ts";

const SENDS = 60;
const AT_ONCE = 4;

export type Again = { sends: Send[]; doors: Door[] };

/** The sends with the answers to some of them being made again, and whether those were taken. */
export async function sendAgain(
  http: Http,
  accounts: readonly Account[],
  sends: readonly Send[],
  random: Random,
): Promise<Again> {
  const tokens = new Map(accounts.map(({ user_id, token }) => [user_id as UserId, token]));
  const answered = sends.filter((send) => send.sent !== undefined);
  const chosen = new Set(random.shuffle(answered).slice(0, SENDS));
  const doors: Door[] = [];
  const all = await each(sends, AT_ONCE, async (send) => {
    if (!chosen.has(send)) return send;
    const reply = await again(http, tokens.get(send.user_id), send);
    const tried = `the same send again, of ${send.device} in ${send.channel}`;
    doors.push({ rule: "I4", tried, expected: ["ok"], got: reply.ok ? "ok" : reply.code });
    if (!reply.ok) return send;
    const { seq, message_id, created_at } = reply.value;
    const answers = [...send.answers, { seq, message_id, created_at }];
    return { ...send, transmitted: send.transmitted + 1, answers };
  });
  return { sends: all, doors };
}

function again(
  http: Http,
  token: string | undefined,
  { channel, client_id }: Send,
): Promise<Reply<Place>> {
  const message = { client_id, body: "the same send with another text" };
  return http<Place>("POST", `/v1/channels/${channel}/messages`, token, message);
}
