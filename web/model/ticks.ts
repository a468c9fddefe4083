/** How far an own message has come. */
import type { Channel, Message, Pending, Receipt, Seq, UserId } from "@damso/sdk";

/** The clock, ✓ kept by the server, ✓✓ on a device of everybody else, ✓✓ read by everybody else, and `!`. */
export type Tick = "waiting" | "stored" | "delivered" | "read" | "failed";

export type Watermarks = { read: Seq; delivered: Seq };

/**
 * How far all others have come, as the slowest of them. In a group somebody of whom nothing is known has not come
 * anywhere; whoever gives no receipts therefore keeps a group at ✓.
 */
export function watermarks(
  channel: Channel | undefined,
  receipts: ReadonlyMap<UserId, Receipt>,
  me: UserId,
): Watermarks {
  const others = (channel?.members ?? []).filter(({ user_id }) => user_id !== me);
  if (others.length === 0) return { read: 0, delivered: 0 };
  const marks = others.map(({ user_id }) => receipts.get(user_id) ?? { read: 0, delivered: 0 });
  const read = Math.min(...marks.map((mark) => mark.read));
  const delivered = Math.min(...marks.map((mark) => Math.max(mark.delivered, mark.read)));
  return {
    read: Math.max(read, channel?.peer_read ?? 0),
    delivered: Math.max(delivered, channel?.peer_delivered ?? 0, channel?.peer_read ?? 0),
  };
}

export function tickOf({ seq }: Pick<Message, "seq">, { read, delivered }: Watermarks): Tick {
  if (seq <= read) return "read";
  return seq <= delivered ? "delivered" : "stored";
}

const pendingTicks: Record<Pending["state"], Tick> = {
  waiting: "waiting",
  sending: "waiting",
  sent: "stored",
  failed: "failed",
};

export function tickOfPending({ state }: Pick<Pending, "state">): Tick {
  return pendingTicks[state];
}
