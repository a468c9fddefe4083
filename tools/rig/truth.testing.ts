/** What the server says when all is quiet: whole histories and channel lists, read page by page. */
import type { ChannelId } from "@damso/protocol/ids";
import type { Channel } from "@damso/protocol/schema/channel";
import type { Message } from "@damso/protocol/schema/message";
import { CODES, isErrorCode } from "@damso/protocol/codes";
import { call } from "./http.testing.ts";
import type { Session } from "./people.testing.ts";

type Page = { messages: Message[]; head: number; more_before: boolean; more_after: boolean };

/** Every message after a seq that the session may see, ascending, with whole bodies. */
export async function readHistory(
  origin: string,
  session: Session,
  channel: ChannelId,
  after = 0,
): Promise<Message[]> {
  const messages = await readPages(origin, session, channel, after);
  for (const [at, message] of messages.entries()) {
    if (message.truncated) messages[at] = await whole(origin, session.access_token, message);
  }
  return messages;
}

/** The same as pages show it: of long messages the previews. */
export async function readPages(
  origin: string,
  session: Session,
  channel: ChannelId,
  after = 0,
): Promise<Message[]> {
  const messages: Message[] = [];
  for await (const page of pagesOf(origin, session, channel, after)) messages.push(...page);
  return messages;
}

/** Page by page, so that a history of any length can be read. */
export async function* pagesOf(
  origin: string,
  session: Session,
  channel: ChannelId,
  from = 0,
): AsyncGenerator<Message[]> {
  const token = session.access_token;
  let after = from;
  for (;;) {
    const path = `/v1/channels/${channel}/messages?after=${after}&limit=200`;
    const page = await read<Page>(origin, path, token);
    yield page.messages;
    const last = page.messages.at(-1);
    if (!page.more_after) return;
    if (last === undefined) throw new Error(`${channel}: an empty page after ${after}, and more`);
    after = last.seq;
  }
}

function whole(origin: string, token: string, { channel, seq }: Message): Promise<Message> {
  return read<Message>(origin, `/v1/channels/${channel}/messages/${seq}`, token);
}

/** Every channel of the session. */
export async function readChannels(origin: string, session: Session): Promise<Channel[]> {
  type Page = { channels: Channel[]; cursor?: string };
  const channels: Channel[] = [];
  let cursor: string | undefined;
  do {
    const query = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const token = session.access_token;
    const page = await read<Page>(origin, `/v1/channels?limit=100${query}`, token);
    channels.push(...page.channels);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return channels;
}

const AGAIN_MS = 200;
const PATIENCE_MS = 30_000;

/** As a client reads: what the server asks to repeat is asked again, while shards find their owners, say. */
async function read<T>(origin: string, path: string, token: string): Promise<T> {
  const end = performance.now() + PATIENCE_MS;
  for (;;) {
    const { status, body } = await call(origin, "GET", path, { token });
    if (status < 300) return body as T;
    const { code } = body as { code?: string };
    const isLate = performance.now() > end;
    if (isLate || code === undefined || !isErrorCode(code) || !CODES[code].retry)
      throw new Error(`GET ${path}: ${status} ${JSON.stringify(body)}`);
    await Bun.sleep(AGAIN_MS);
  }
}
