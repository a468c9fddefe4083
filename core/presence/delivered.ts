/** Delivered watermarks: a message is delivered when one of the recipient's devices acknowledged its position. Rule R5. */
import type { ChannelId, Pos, Seq } from "@damso/protocol/ids";
import type { Home } from "./home.ts";

/** Channels remembered per user; beyond it the oldest are forgotten, and their mark comes with a later message. */
const CHANNELS_MAX = 256;

export function noteUndelivered(home: Home, channel: ChannelId, seq: Seq, pos: Pos): void {
  const mark = { pos, seq };
  const known = home.undelivered.get(channel);
  if (known) known.newest = mark;
  else home.undelivered.set(channel, { first: mark, newest: mark });
  if (home.undelivered.size <= CHANNELS_MAX) return;
  for (const oldest of home.undelivered.keys()) {
    home.undelivered.delete(oldest);
    return;
  }
}

/** The channels whose delivered mark an acknowledgement moves, and how far. */
export function deliveredBy(home: Home, pos: Pos): { channel: ChannelId; seq: Seq }[] {
  const out: { channel: ChannelId; seq: Seq }[] = [];
  for (const [channel, { first, newest }] of home.undelivered) {
    if (newest.pos <= pos) {
      out.push({ channel, seq: newest.seq });
      home.undelivered.delete(channel);
    } else if (first.pos <= pos) {
      out.push({ channel, seq: first.seq });
      // The chat goes on while it is acknowledged: what is newest now is the next to wait for.
      home.undelivered.set(channel, { first: newest, newest });
    }
  }
  return out;
}
