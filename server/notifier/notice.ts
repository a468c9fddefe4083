/** What a notification says: names and a quote, or neither. Rules N3, N10. */
import type { Subscription } from "@damso/core/ports/account-records";
import type { Notice } from "@damso/core/ports/push";
import type { PushRequest } from "@damso/core/push/rules";
import type { Message } from "@damso/protocol/schema/message";
import { isQuiet } from "./quiet.ts";
import { wordsOf } from "./words.ts";
import type { Words } from "./words.ts";

/** Of the sender, and of the group if it is one. */
export type Names = { sender: string; group: string | undefined };

const QUOTE_POINTS_MAX = 160;
/** A name is at most 64 code points long when it is given, a group's as well. */
const TITLE_POINTS_MAX = 64;

export function noticeOf(
  request: PushRequest,
  names: Names,
  { target }: Pick<Subscription, "target">,
  now: number,
): Notice {
  const { channel, seq, pos, badge } = request;
  if (request.kind === "badge") return { kind: "badge", channel: "badge", seq: 0, pos, badge };
  if (request.kind === "read") return { kind: "read", channel, seq, pos, badge };
  const words = wordsOf(target.locale);
  // The count of what is unread may have fallen since, but this message is there.
  const count = Math.max(request.unread, 1);
  return {
    kind: "message",
    channel,
    seq,
    pos,
    badge,
    count,
    ...(request.private ? concealed(words, count) : shown(request.message, names, words, count)),
    silent: request.update || isQuiet(target.quiet_hours, target.time_zone, now),
  };
}

type Texts = { title: string; body: string };

function concealed(words: Words, count: number): Texts {
  return {
    title: words.test_title,
    body: count > 1 ? words.new_messages(count) : words.new_message,
  };
}

function shown(message: Message, { sender, group }: Names, words: Words, count: number): Texts {
  const isGroup = message.channel.startsWith("g");
  const quote = quoteOf(message, words);
  const line = isGroup ? `${clipped(sender, TITLE_POINTS_MAX)}: ${quote}` : quote;
  return {
    title: clipped(isGroup ? group || words.group : sender, TITLE_POINTS_MAX),
    body: count > 1 ? `${words.new_messages(count)}\n${line}` : line,
  };
}

function quoteOf({ body, attachments }: Message, words: Words): string {
  const text = clipped(body ?? "", QUOTE_POINTS_MAX);
  if (text !== "") return text;
  const [first] = attachments ?? [];
  if (!first) return words.new_message;
  return { image: words.picture, video: words.video, audio: words.audio, file: words.file }[
    first.kind
  ];
}

/** On one line, and cut where it gets long. */
function clipped(text: string, points_max: number): string {
  // Not all of a text of 100,000 code points is looked at; where that ends, half of one may be left.
  const line = text
    .slice(0, points_max * 4)
    .replace(/[\ud800-\udbff]$/, "")
    .replaceAll(/\s+/g, " ")
    .trim();
  const points = [...line];
  return points.length <= points_max ? line : `${points.slice(0, points_max - 1).join("")}…`;
}

/** The notice of "send me a test". */
export function testNotice({ target }: Pick<Subscription, "target">): Notice {
  const words = wordsOf(target.locale);
  return {
    kind: "message",
    channel: "test",
    seq: 0,
    pos: 0,
    count: 1,
    badge: 0,
    silent: false,
    title: words.test_title,
    body: words.test_body,
  };
}
