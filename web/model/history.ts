/** What was said in a chat, read from the newest message backwards. */
import type { ChannelId, Message, Seq } from "@damso/sdk";
import type { Api } from "./api.ts";

const PAGE = 200;

/** The page of messages before the one of a seq; the newest page without one. */
export function pageBefore(
  api: Pick<Api, "ask">,
  channel: ChannelId,
  before: Seq | undefined,
): Promise<{ messages: Message[]; more_before: boolean }> {
  const from = before === undefined ? "" : `&before=${before}`;
  return api.ask("GET", `/v1/channels/${channel}/messages?limit=${PAGE}${from}`);
}
