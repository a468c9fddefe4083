/** What the device knows, as the app reads it. */
import type { Channel, ChannelId, UserId } from "@damso/protocol";
import { directChannel } from "@damso/protocol/ids";
import type { Receipt, Views } from "../api.ts";
import { windowPage } from "../timeline/history.ts";
import type { Parts } from "./parts.ts";

type Known = Pick<Parts, "user_id" | "environment" | "timeline" | "outbox" | "looking" | "reads">;

export function views(known: Known): Views {
  const { user_id, timeline, outbox, looking } = known;
  const all = (): Channel[] =>
    [...timeline.channels.values()].map(({ channel }) => asRead(known, channel));
  return {
    direct: (other) => directChannel(user_id, other),
    channels: () => all().sort(order),
    channel: (id) => {
      const record = timeline.channels.get(id);
      return record && asRead(known, record.channel);
    },
    unread: () => {
      const now = new Date(known.environment.now()).toISOString();
      const loud = all().filter(({ muted_until = "" }) => muted_until <= now);
      return loud.reduce((sum, { unread }) => sum + unread, 0);
    },
    messages: (id) => windowPage(timeline, id),
    pending: (id) => outbox.pending(id),
    typingIn: (id) => [...(looking.typing.get(id)?.keys() ?? [])],
    presenceOf: (user) => looking.presence.get(user),
    receiptsOf: (id) => {
      const marks = looking.opened.get(id);
      return marks?.size ? marks : peerReceipt(known, id);
    },
  };
}

/** The marker of this device shows at once, before the server has heard of it. */
function asRead({ reads }: Pick<Known, "reads">, channel: Channel): Channel {
  const read = reads.wanted(channel.id);
  if (read <= channel.read) return channel;
  const all = read >= channel.head && { unread: 0, unread_mentions: 0 };
  return { ...channel, read, ...all };
}

function order(a: Channel, b: Channel): number {
  const place = ({ pinned, last, created_at }: Channel): string =>
    (pinned ? "1" : "0") + (last?.created_at ?? created_at);
  return place(a) < place(b) ? 1 : -1;
}

/** Of a direct channel the list tells the other's marks too, so the chat list has its ticks. */
function peerReceipt({ user_id, timeline }: Known, id: ChannelId): ReadonlyMap<UserId, Receipt> {
  const channel = timeline.channels.get(id)?.channel;
  const peer = channel?.members.find((member) => member.user_id !== user_id);
  if (channel?.kind !== "direct" || !peer) return new Map();
  const { peer_read = 0, peer_delivered = 0 } = channel;
  return new Map([
    [peer.user_id, { read: peer_read, delivered: Math.max(peer_read, peer_delivered) }],
  ]);
}
