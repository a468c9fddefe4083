/**
 * The bytes that a browser gets: a declarative push message (W3C Push API), which Safari shows by itself; everybody
 * else's service worker reads the same. What takes a notification back is not declarative: it shows nothing. Rule N3.
 */
import type { ChatNotice } from "@damso/core/ports/push";
import { fitted } from "../outbound/fit.ts";
import { TEXT_BYTES_MAX } from "./encrypt.ts";

type MessageNotice = Extract<ChatNotice, { kind: "message" }>;

/** `page`: where the app is, with a slash at its end. */
export function payloadOf(notice: ChatNotice, page: string): Buffer {
  if (notice.kind === "read") {
    const { kind, channel, seq, badge } = notice;
    return Buffer.from(JSON.stringify({ kind, channel, seq, app_badge: badge }));
  }
  const text = fitted(notice.body, TEXT_BYTES_MAX, (body) =>
    JSON.stringify(messageOf({ ...notice, body }, page)),
  );
  return Buffer.from(text);
}

function messageOf(notice: MessageNotice, page: string): object {
  const { kind, channel, seq, pos, title, body, count, badge, silent } = notice;
  return {
    web_push: 8030,
    notification: {
      title,
      body,
      // A test is of no channel.
      navigate: seq === 0 ? page : `${page}#${channel}/${seq}`,
      tag: channel,
      silent,
      // A later message of the chat makes itself heard as the first one did.
      ...(!silent && { renotify: true }),
      data: { kind, channel, seq, pos, count },
      // Where Apple's description has it; the draft of the W3C has it below.
      app_badge: String(badge),
    },
    app_badge: badge,
  };
}
