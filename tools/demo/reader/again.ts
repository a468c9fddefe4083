/** Sends that were answered long ago are made again, by plain HTTP and with another text: the first answer has to come back. */
import type { UserId } from "@damso/protocol";
import type { Place, Send } from "../check/evidence.ts";
import type { Random } from "../random.ts";
import { each, insist } from "./http.ts";
import type { Account, Http } from "./http.ts";

const SENDS = 60;
const AT_ONCE = 4;

/** The sends with the answers to some of them being made again. */
export async function sendAgain(
  http: Http,
  accounts: readonly Account[],
  sends: readonly Send[],
  random: Random,
): Promise<Send[]> {
  const tokens = new Map(accounts.map(({ user_id, token }) => [user_id as UserId, token]));
  const answered = sends.filter((send) => send.sent !== undefined);
  const chosen = new Set(random.shuffle(answered).slice(0, SENDS));
  return each(sends, AT_ONCE, async (send) => {
    if (!chosen.has(send)) return send;
    const answer = await again(http, tokens.get(send.user_id), send);
    return { ...send, transmitted: send.transmitted + 1, answers: [...send.answers, answer] };
  });
}

async function again(
  http: Http,
  token: string | undefined,
  { channel, client_id, device }: Send,
): Promise<Place> {
  const path = `/v1/channels/${channel}/messages`;
  const message = { client_id, body: "the same send with another text" };
  const what = `the same send again, of ${device} in ${channel}`;
  const sent = await insist(() => http<Place>("POST", path, token, message), what);
  return { seq: sent.seq, message_id: sent.message_id, created_at: sent.created_at };
}
