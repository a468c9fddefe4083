/** Which messages a history request is about, and how much of them fits a page. Rules P16, D7. */
import { LIMITS } from "@damso/protocol/limits";
import { utf8Bytes } from "@damso/protocol/text";
import type { Seq } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import type { Page } from "../shard/commands.ts";

export type Window = { from: Seq; to: Seq; limit: number; reverse: boolean };
type Position = { before?: Seq; after?: Seq; around?: Seq; limit?: number };

const DEFAULT_LIMIT = 50;

/** The seqs to read between `floor` (the first this member may see) and `head`; without a position, the newest. */
export function windowOf(at: Position, floor: Seq, head: Seq): Window {
  const limit = Math.min(at.limit ?? DEFAULT_LIMIT, LIMITS.page_messages_max);
  if (at.around !== undefined) {
    const from = Math.max(floor, Math.min(at.around, head) - Math.floor(limit / 2));
    return { from, to: Math.min(head, from + limit - 1), limit, reverse: false };
  }
  if (at.after !== undefined)
    return { from: Math.max(floor, at.after + 1), to: head, limit, reverse: false };
  const to = at.before === undefined ? head : Math.min(head, at.before - 1);
  return { from: floor, to, limit, reverse: true };
}

/**
 * Cuts the rows to 256 KiB, nearest to the asked position first, and puts them in ascending order.
 * Around a seq the cut keeps the middle: both sides give way in turn.
 */
export function pageMessages(
  rows: readonly Message[],
  window: Window,
  floor: Seq,
  head: Seq,
  around?: Seq,
): Page {
  const kept = around === undefined ? fitting(rows) : fittingAround(rows, around);
  const messages = window.reverse ? kept.reverse() : kept;
  const first = messages[0]?.seq;
  const last = messages.at(-1)?.seq;
  return {
    messages,
    head,
    more_before: first === undefined ? !window.reverse && window.from > floor : first > floor,
    more_after: last === undefined ? window.reverse && window.to < head : last < head,
  };
}

/** UTF-8 bytes of the message as JSON: what it adds to a page. */
export function sizeOf(message: Message): number {
  return utf8Bytes(JSON.stringify(message));
}

function fitting(rows: readonly Message[]): Message[] {
  const out: Message[] = [];
  let bytes = 0;
  for (const row of rows) {
    bytes += sizeOf(row);
    // At least one message goes out, whatever its size: a page that is empty for ever would be a hole.
    if (bytes > LIMITS.page_bytes_max && out.length > 0) break;
    out.push(row);
  }
  return out;
}

function fittingAround(rows: readonly Message[], around: Seq): Message[] {
  const byNearness = [...rows].sort((a, b) => Math.abs(a.seq - around) - Math.abs(b.seq - around));
  return fitting(byNearness).sort((a, b) => a.seq - b.seq);
}
