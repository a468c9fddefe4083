/** The loaded stretch of a chat: its items, and the loading of more in either direction. */
import type { ChannelId, Message, Page, Seq } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { computed, signal } from "@preact/signals";
import type { Context } from "./context.ts";
import type { Item } from "./items.ts";
import { toItems, unreadFrom } from "./items.ts";
import { watermarks } from "./ticks.ts";

/** With more than this unread, a chat opens around the first of them instead of at the newest. */
const UNREAD_NEAR = 40;

export type TimelineState = "loading" | "ready" | "failed";

export type TimelineModel = {
  state: ReadonlySignal<TimelineState>;
  items: ReadonlySignal<readonly Item[]>;
  page: ReadonlySignal<Page>;
  /** The message of a seq, when it is in the loaded stretch. */
  find: (seq: Seq) => Message | undefined;
  /** Frozen at the opening. */
  unread_from: Seq | undefined;
  open: () => Promise<void>;
  loadOlder: () => Promise<void>;
  loadNewer: () => Promise<void>;
  toNewest: () => Promise<void>;
  /** Loads the stretch around a message unless it is there already; false when it cannot be had. */
  reach: (seq: Seq) => Promise<boolean>;
};

export function createTimeline({ client, live }: Context, channel: ChannelId): TimelineModel {
  const known = client.channel(channel);
  const unread_from = unreadFrom(known);
  const state = signal<TimelineState>("loading");
  const page = computed(() => {
    live.follow(`channel:${channel}`);
    return client.messages(channel);
  });
  const items = computed(() => {
    live.follow("channels");
    return toItems({
      me: client.user_id,
      messages: page.value.messages,
      // While older messages are looked at, the newest end is not loaded, and those on their way belong below it.
      pending: page.value.more_after ? [] : client.pending(channel),
      marks: watermarks(client.channel(channel), client.receiptsOf(channel), client.user_id),
      unread_from,
    });
  });
  const find = (seq: Seq): Message | undefined =>
    page.peek().messages.find((message) => message.seq === seq);
  let busy = false;

  /** One load at a time: the scroller asks again as long as it stands at the end. */
  async function load(query: Parameters<typeof client.history>[1]): Promise<boolean> {
    if (busy) return false;
    busy = true;
    try {
      await client.history(channel, query);
      return true;
    } catch {
      return false;
    } finally {
      busy = false;
    }
  }

  async function open(): Promise<void> {
    state.value = "loading";
    try {
      await client.open(channel);
      if ((known?.unread ?? 0) > UNREAD_NEAR && unread_from !== undefined) {
        await client.history(channel, { around: unread_from });
      }
      state.value = "ready";
    } catch (error) {
      state.value =
        isNotYet(error, channel) || page.peek().messages.length > 0 ? "ready" : "failed";
    }
  }

  return {
    state,
    items,
    page,
    find,
    unread_from,
    open,
    loadOlder: async () => {
      const first = page.peek().messages[0];
      if (page.peek().more_before && first) await load({ before: first.seq });
    },
    loadNewer: async () => {
      const last = page.peek().messages.at(-1);
      if (page.peek().more_after && last) await load({ after: last.seq });
    },
    toNewest: async () => {
      if (page.peek().more_after) await load({});
    },
    reach: async (seq) =>
      find(seq) !== undefined || ((await load({ around: seq })) && find(seq) !== undefined),
  };
}

/**
 * A direct chat begins with its first message: until then the server does not know it. One that is born between the
 * question and its answer says that we are no members yet.
 */
function isNotYet(error: unknown, channel: ChannelId): boolean {
  return (
    channel.startsWith("d") &&
    error instanceof Error &&
    "code" in error &&
    (error.code === "not_found" || error.code === "not_member")
  );
}
