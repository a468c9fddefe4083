/**
 * How much of a timeline is drawn: a stretch of at most six steps, moved along what the client holds. The rest would
 * only make every drawing slower.
 */
import type { Message, Page, Seq } from "@damso/sdk";

/** Drawn at first: a screen full. What stands above it comes behind that, in steps, and nobody waits for it. */
export const FIRST_MESSAGES: number = 20;
export const STEP_MESSAGES: number = 25;
const OPENING_MAX = 50;
export const DRAWN_MAX: number = 6 * STEP_MESSAGES;
/** New messages are taken in beyond that, so that not each one lets another go. */
const SLACK = 2 * STEP_MESSAGES;

/** Seqs, both included; `to` undefined: as far as there is, with what comes in. */
export type Stretch = { from: Seq; to: Seq | undefined };

/** The part of a page that a stretch shows. */
export function shownOf(page: Page, { from, to = Infinity }: Stretch): Page {
  const { messages } = page;
  const first = messages.findIndex(({ seq }) => seq >= from);
  const after = messages.findIndex(({ seq }) => seq > to);
  const end = after === -1 ? messages.length : after;
  // What was shown is gone from the page, for example after a reset: the newest is as good as any.
  if (first === -1 || first >= end) return messages.length === 0 ? page : newestOf(page);
  return {
    messages: messages.slice(first, end),
    more_before: page.more_before || first > 0,
    more_after: page.more_after || end < messages.length,
  };
}

export function newest({ messages }: Page, count: number = FIRST_MESSAGES): Stretch {
  return { from: messages.at(-count)?.seq ?? messages[0]?.seq ?? 0, to: undefined };
}

/** The newest, up to the first that is unread where that is near. */
export function opening(page: Page, unread_from: Seq | undefined): Stretch {
  const { from } = newest(page);
  const least = newest(page, OPENING_MAX).from;
  return { from: Math.max(least, Math.min(from, unread_from ?? from)), to: undefined };
}

function newestOf(page: Page): Page {
  return {
    messages: page.messages.slice(-FIRST_MESSAGES),
    more_before: page.more_before || page.messages.length > FIRST_MESSAGES,
    more_after: page.more_after,
  };
}

/** Around a message of the page, a step to each side. */
export function around(page: Page, seq: Seq): Stretch {
  const index = page.messages.findIndex((message) => message.seq >= seq);
  return between(page, index - STEP_MESSAGES, index + STEP_MESSAGES);
}

/** One step further up than the message of this seq. */
export function upFrom(page: Page, seq: Seq): Stretch {
  const first = Math.max(0, indexOf(page.messages, seq) - STEP_MESSAGES);
  return between(page, first, first + DRAWN_MAX - 1);
}

/** One step further down than the message of this seq. */
export function downFrom(page: Page, seq: Seq): Stretch {
  const last = Math.min(page.messages.length - 1, indexOf(page.messages, seq) + STEP_MESSAGES);
  return between(page, last - DRAWN_MAX + 1, last);
}

/** Where somebody looks: at the newest, or at the message of a seq. */
export type Gaze = "end" | Seq;

/**
 * The stretch after new messages have come in: whoever is at the end sees them, and loses the oldest; whoever reads
 * further up keeps what stands around it, and the newest wait below.
 */
export function settled(page: Page, stretch: Stretch, gaze: Gaze): Stretch {
  const { messages } = shownOf(page, stretch);
  if (messages.length <= DRAWN_MAX + SLACK) return stretch;
  if (gaze === "end") return { from: messages.at(-DRAWN_MAX)?.seq ?? stretch.from, to: stretch.to };
  const first = indexOf(page.messages, gaze) - DRAWN_MAX / 2;
  return between(page, first, Math.max(0, first) + DRAWN_MAX - 1);
}

function between({ messages, more_after }: Page, first: number, last: number): Stretch {
  const end = Math.min(last, messages.length - 1);
  const open = end === messages.length - 1 && !more_after;
  const from = messages[Math.max(0, first)]?.seq ?? 0;
  return { from, to: open ? undefined : messages[end]?.seq };
}

function indexOf(messages: readonly Message[], seq: Seq): number {
  const index = messages.findIndex((message) => message.seq >= seq);
  return index === -1 ? messages.length - 1 : index;
}
