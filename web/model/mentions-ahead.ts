/** The first message further down in which somebody means me and which I have not read. */
import type { ChannelId, Message, Seq, UserId } from "@damso/sdk";
import type { Context } from "./context.ts";

/** Pages looked through: 1,000 messages. */
const PAGES_MAX = 5;
const PAGE_MESSAGES = 200;

export function isMention({ mentions = [], sender_id }: Message, me: UserId): boolean {
  return sender_id !== me && (mentions.includes(me) || mentions.includes("all"));
}

/** Undefined when none is found near. Rejects when the server has to be asked and is away. */
export async function nextMention(
  { client }: Context,
  channel: ChannelId,
): Promise<Seq | undefined> {
  let after = client.channel(channel)?.read ?? 0;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await client.history(channel, { after, limit: PAGE_MESSAGES });
    const begin = after;
    const found = page.messages.find(
      (message) => message.seq > begin && isMention(message, client.user_id),
    );
    if (found) return found.seq;
    after = page.messages.at(-1)?.seq ?? after;
    if (!page.more_after) return undefined;
  }
  return undefined;
}
