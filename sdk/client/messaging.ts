/** The calls that change messages and look at channels. */
import type { ChannelId, Message } from "@damso/protocol";
import type { Looking as LookingCalls, Messaging } from "../api.ts";
import type { Ask } from "../connection/requests.ts";
import { fullBody, history } from "../timeline/history.ts";
import { closeChannel, openChannel, type, watch } from "./looking.ts";
import type { Parts } from "./parts.ts";

export function messaging(parts: Parts): Messaging {
  const { connection, outbox, timeline, reads, http } = parts;
  const ask = async (frame: Ask, once = false): Promise<void> => {
    await connection.call(frame, { once });
  };
  return {
    send: outbox.send,
    sendSoon: outbox.sendSoon,
    retry: outbox.retry,
    remove: outbox.remove,
    // With `if_rev` a repetition after a lost answer would find its own change and call it a conflict.
    edit: (channel, seq, body, if_rev) =>
      ask(
        { type: "edit", channel, seq, body, ...(if_rev !== undefined && { if_rev }) },
        if_rev !== undefined,
      ),
    delete: (channel, seq, whom) => ask({ type: "delete", channel, seq, for: whom }),
    react: (channel, seq, emoji, on) => ask({ type: "react", channel, seq, emoji, on }),
    pin: (channel, seq, on) => ask({ type: "pin", channel, seq, on }),
    read: (channel, seq) => {
      const known = timeline.channels.get(channel)?.channel;
      const to = Math.min(seq, known?.head ?? 0);
      if (to > (known?.read ?? 0) || known?.unread_mark) reads.read(channel, to);
    },
    set: (channel, settings) => ask({ type: "set", channel, ...settings }),
    history: (channel, query) => history(timeline, channel, query),
    body: (channel, seq) =>
      fullBody(timeline, channel, seq, () =>
        http<Message>("GET", `/v1/channels/${channel}/messages/${seq}`),
      ),
  };
}

export function lookingCalls({ looking, timeline }: Parts): LookingCalls {
  const load = async (channel: ChannelId): Promise<void> => {
    if (!timeline.windows.has(channel)) await history(timeline, channel);
  };
  return {
    open: async (channel) => {
      await Promise.all([openChannel(looking, channel), load(channel)]);
    },
    close: (channel) => closeChannel(looking, channel),
    watch: (users) => watch(looking, users),
    typing: (channel) => type(looking, channel),
  };
}
