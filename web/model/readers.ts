/** Who has read a message of a group, and who has it on a device at least. */
import type { Channel, Message, Receipt, UserId } from "@damso/sdk";
import type { Context } from "./context.ts";

export type Readers = Record<"read" | "delivered" | "waiting", readonly UserId[]>;

/** All members but the one who wrote it. */
export function readersOf(
  { client, live }: Context,
  { channel, seq, sender_id }: Message,
): Readers {
  live.follow(`channel:${channel}`);
  const receipts = client.receiptsOf(channel);
  const others = othersOf(client.channel(channel), sender_id);
  const stage = (user_id: UserId): keyof Readers => stageOf(seq, receipts.get(user_id));
  // Whoever looks at this has read it, whatever the receipts say yet.
  const read = others.filter((user) => user === client.user_id || stage(user) === "read");
  const rest = others.filter((user) => !read.includes(user));
  return {
    read,
    delivered: rest.filter((user) => stage(user) === "delivered"),
    waiting: rest.filter((user) => stage(user) === "waiting"),
  };
}

function stageOf(seq: number, receipt: Receipt | undefined): keyof Readers {
  if (receipt === undefined) return "waiting";
  if (receipt.read >= seq) return "read";
  return receipt.delivered >= seq ? "delivered" : "waiting";
}

function othersOf(channel: Channel | undefined, sender: UserId): UserId[] {
  return (channel?.members ?? []).map(({ user_id }) => user_id).filter((user) => user !== sender);
}
