/** What can be done to the messages of an open chat. */
import type { Channel, ChannelId, Message, UserId } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import type { Chat } from "./chat.ts";
import type { Context } from "./context.ts";
import type { Deletions } from "./deletions.ts";
import type { Report } from "./report.ts";

type Deeds = Pick<Chat, "react" | "togglePin" | "remove" | "mayDelete" | "retry" | "discard">;

export function createDeeds(
  { client }: Context,
  id: ChannelId,
  channel: ReadonlySignal<Channel | undefined>,
  report: Report,
  deletions: Deletions,
): Deeds {
  const me = client.user_id;
  return {
    react: (message, emoji) => {
      const on = message.reactions?.[emoji]?.includes(me) !== true;
      void report(client.react(id, message.seq, emoji, on));
    },
    togglePin: (message) => void report(client.pin(id, message.seq, message.pinned !== true)),
    remove: (messages, whom) => {
      const seqs = messages.map(({ seq }) => seq);
      deletions.remove(id, seqs, whom);
    },
    mayDelete: (message) =>
      message.kind === "text" && (message.sender_id === me || leads(channel.value, me)),
    retry: client.retry,
    discard: (client_id) => void client.remove(client_id),
  };
}

export function isEditable(message: Message, me: UserId): boolean {
  return message.kind === "text" && message.sender_id === me && message.deleted_at === undefined;
}

function leads(channel: Channel | undefined, me: UserId): boolean {
  const role = channel?.members.find(({ user_id }) => user_id === me)?.role;
  return channel?.kind === "group" && (role === "owner" || role === "admin");
}
