/** Reads an account to the end by polling: its feed, its channels, their histories. */
import type { Channel, ChannelId, FeedEvent, Message, Replies, UserId } from "@damso/protocol";
import type { Reading } from "../check/evidence.ts";
import type { AnyEvent } from "../entry.ts";
import { entryOf, messagesOf } from "../entry.ts";
import { insist } from "./http.ts";
import type { Account, Http } from "./http.ts";

type EventsPage = Pick<Replies["events"], "feed" | "events" | "more" | "reset">;
type HistoryPage = Omit<Replies["messages"], "type" | "id">;
type ChannelPage = Omit<Replies["channel_list"], "type" | "id">;

export async function headOf(http: Http, { name, token }: Account): Promise<number> {
  const page = await insist(() => http<EventsPage>("GET", "/v1/feed", token), `${name}'s feed`);
  return page.feed.head;
}

/** One object for equal messages, however often they are read. */
export type Shared = (message: Message) => Message;

export function shared(): Shared {
  const known = new Map<string, Message>();
  return (message) => {
    const text = JSON.stringify(message);
    const same = known.get(text) ?? message;
    known.set(text, same);
    return same;
  };
}

/** `deep`: the histories too. */
export async function readAccount(
  http: Http,
  account: Account,
  same: Shared,
  deep: boolean,
): Promise<Reading> {
  const { name, token } = account;
  const user_id = account.user_id as UserId;
  const { events, head } = await readFeed(http, account);
  const channels = await readChannels(http, account);
  const pages = new Map<ChannelId, Message[]>();
  if (deep)
    for (const { id } of channels)
      pages.set(id, (await readHistory(http, name, token, id)).map(same));
  const last = channels.flatMap((channel) => (channel.last ? [channel.last] : []));
  const seen = [...events.flatMap((event) => messagesOf(event as AnyEvent)), ...last].map(same);
  for (const page of pages.values()) seen.push(...page);
  const feed = events.map((event) => entryOf(event as AnyEvent));
  return { name: `${name} by HTTP`, user_id, seen, head, feed, channels, pages };
}

async function readFeed(
  http: Http,
  { name, token }: Account,
): Promise<{ events: FeedEvent[]; head: number }> {
  const events: FeedEvent[] = [];
  for (let after = 0; ;) {
    const path = `/v1/feed?after=${after}&limit=500`;
    const page = await insist(() => http<EventsPage>("GET", path, token), `${name}'s feed`);
    events.push(...page.events);
    if (page.reset) throw new Error(`the feed of ${name} cannot be read from its beginning`);
    const last = page.events.at(-1)?.pos;
    if (!page.more || last === undefined) return { events, head: page.feed.head };
    after = last;
  }
}

async function readChannels(http: Http, { name, token }: Account): Promise<Channel[]> {
  const channels: Channel[] = [];
  for (let cursor = ""; ;) {
    const path = `/v1/channels?limit=100${cursor}`;
    const page = await insist(() => http<ChannelPage>("GET", path, token), `${name}'s channels`);
    channels.push(...page.channels);
    if (page.cursor === undefined) return channels;
    cursor = `&cursor=${encodeURIComponent(page.cursor)}`;
  }
}

/** From the newest page back to the first visible message. */
async function readHistory(
  http: Http,
  name: string,
  token: string,
  channel: ChannelId,
): Promise<Message[]> {
  const pages: Message[][] = [];
  for (let before = ""; ;) {
    const path = `/v1/channels/${channel}/messages?limit=200${before}`;
    const page = await insist(() => http<HistoryPage>("GET", path, token), `${name}'s history`);
    pages.unshift(page.messages);
    const first = page.messages[0]?.seq;
    if (!page.more_before || first === undefined) return pages.flat();
    before = `&before=${first}`;
  }
}

/** The whole texts of the long messages of a history. */
export async function readBodies(
  http: Http,
  token: string,
  messages: readonly Message[],
): Promise<Map<string, string>> {
  const bodies = new Map<string, string>();
  for (const { channel, seq, truncated } of messages) {
    if (truncated !== true) continue;
    const path = `/v1/channels/${channel}/messages/${seq}`;
    const { body = "" } = await insist(() => http<Message>("GET", path, token), path);
    bodies.set(`${channel}/${seq}`, body);
  }
  return bodies;
}
