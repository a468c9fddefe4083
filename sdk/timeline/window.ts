/** The stretch of a timeline that is held in memory for a view: every visible message of `from..to`. */
import type { Message, Seq } from "@damso/protocol";
import type { MessageStep } from "../store/port.ts";
import { mergeMessage } from "./merge.ts";

export type Window = { from: Seq; to: Seq; messages: readonly Message[] };

/** More messages than this are let go at the end that the view is moving away from. */
const MESSAGES_MAX = 1000;

/** What a stored change does to the window. A message that would leave a hole stays outside. */
export function follow(window: Window, step: MessageStep): Window {
  if ("put" in step) return place(window, step.put);
  if ("wipe" in step) return window;
  const messages = window.messages.filter((m) => m.seq < step.from || m.seq > step.to);
  const { from } = window;
  return { ...window, messages, from: step.from <= from ? Math.max(from, step.to + 1) : from };
}

function place(window: Window, message: Message): Window {
  const { from, to, messages } = window;
  if (message.seq < from || message.seq > to + 1) return window;
  const at = messages.findLastIndex((m) => m.seq <= message.seq);
  const same = messages[at]?.seq === message.seq;
  const merged = mergeMessage(same ? messages[at] : undefined, message);
  const placed = messages.toSpliced(same ? at : at + 1, same ? 1 : 0, merged);
  return trim({ from, to: Math.max(to, message.seq), messages: placed }, false);
}

/** Both stretches as one where they touch; else the new one replaces the old. */
export function join(old: Window | undefined, fresh: Window): Window {
  if (!old || fresh.to < old.from - 1 || fresh.from > old.to + 1) return fresh;
  const bySeq = new Map(old.messages.map((m) => [m.seq, m]));
  // Where both know a stretch, what the fresh one does not have is gone.
  const outside = old.messages.filter((m) => m.seq < fresh.from || m.seq > fresh.to);
  const inside = fresh.messages.map((m) => mergeMessage(bySeq.get(m.seq), m));
  const messages = [...outside, ...inside].sort((a, b) => a.seq - b.seq);
  const joined = {
    from: Math.min(old.from, fresh.from),
    to: Math.max(old.to, fresh.to),
    messages,
  };
  return trim(joined, fresh.from < old.from);
}

function trim(window: Window, isUp: boolean): Window {
  if (window.messages.length <= MESSAGES_MAX) return window;
  const messages = isUp
    ? window.messages.slice(0, MESSAGES_MAX)
    : window.messages.slice(-MESSAGES_MAX);
  const { from, to } = window;
  return isUp
    ? { from, to: messages.at(-1)?.seq ?? to, messages }
    : { from: messages[0]?.seq ?? from, to, messages };
}
