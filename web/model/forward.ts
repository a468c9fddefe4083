/** Passing messages on to other chats. */
import type { ChannelId, Message } from "@damso/sdk";
import type { Context } from "./context.ts";
import type { Report } from "./report.ts";

/** Each message to each chat, in order; a long one is fetched whole first. False when one could not be. */
export async function forward(
  { client }: Context,
  report: Report,
  messages: readonly Message[],
  channels: readonly ChannelId[],
): Promise<boolean> {
  const whole: Message[] = [];
  const fetched = await report(
    (async () => {
      for (const { channel, seq } of messages) whole.push(await client.body(channel, seq));
    })(),
  );
  if (!fetched) return false;
  return report.now(() => {
    for (const channel of channels) {
      for (const { body = "", attachments } of whole) {
        client.sendSoon(channel, body, attachments ? { attachments } : {});
      }
    }
  });
}
