/** The drawn stretch of a chat: its items, and the loading of more in either direction. */
import type { ChannelId, HistoryQuery, Message, Page, Seq } from "@damso/sdk";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { computed, signal } from "@preact/signals";
import type { Context } from "./context.ts";
import type { Doomed } from "./deletions.ts";
import { withoutDoomed } from "./deletions.ts";
import type { Edit } from "./edits.ts";
import { waitingIn, withEdits } from "./edits.ts";
import type { Item } from "./items.ts";
import { toItems, unreadFrom } from "./items.ts";
import { codeOf } from "./report.ts";
import type { Gaze, Stretch } from "./stretch.ts";
import {
  STEP_MESSAGES,
  around,
  downFrom,
  newest,
  opening,
  settled,
  shownOf,
  upFrom,
} from "./stretch.ts";
import { watermarks } from "./ticks.ts";

/** With more than this unread, a chat opens around the first of them instead of at the newest. */
const UNREAD_NEAR = 40;
const NOTHING_YET: Page = { messages: [], more_before: false, more_after: false };

export type TimelineState = "loading" | "ready" | "failed";

export type TimelineModel = {
  state: ReadonlySignal<TimelineState>;
  items: ReadonlySignal<readonly Item[]>;
  /** The messages that are drawn, and whether there are more at either end. */
  page: ReadonlySignal<Page>;
  /** The message of a seq, when it is held, drawn or not. */
  find: (seq: Seq) => Message | undefined;
  /** Frozen at the opening. */
  unread_from: Seq | undefined;
  open: () => Promise<void>;
  loadOlder: () => Promise<void>;
  loadNewer: () => Promise<void>;
  toNewest: () => Promise<void>;
  /** Draws the stretch around a message unless it is drawn already; false when it cannot be had. */
  reach: (seq: Seq) => Promise<boolean>;
  /** Where somebody looks: that is what stays drawn when much comes in. */
  follow: (gaze: Gaze) => void;
};

type State = {
  context: Context;
  channel: ChannelId;
  unread_from: Seq | undefined;
  state: Signal<TimelineState>;
  /** What the client holds. */
  held: ReadonlySignal<Page>;
  /** Undefined until something else than the newest is wanted. */
  stretch: Signal<Stretch | undefined>;
  page: ReadonlySignal<Page>;
  /** The load that is under way. */
  loading: Promise<boolean> | undefined;
};

/** What is not done yet and is seen already. */
type Ahead = {
  doomed: ReadonlySignal<readonly Doomed[]>;
  edits: ReadonlySignal<readonly Edit[]>;
};

export function createTimeline(
  context: Context,
  channel: ChannelId,
  { doomed, edits }: Ahead,
): TimelineModel {
  const { client, live } = context;
  const unread_from = unreadFrom(client.channel(channel));
  const elsewhere = opensAt(context, channel, unread_from);
  const stretch = signal<Stretch | undefined>(undefined);
  const held = computed(() => {
    live.follow(`channel:${channel}`);
    return withEdits(client.messages(channel), channel, edits.value);
  });
  const page = computed(() => {
    // What is held is not where this chat opens.
    if (stretch.value === undefined && elsewhere) return NOTHING_YET;
    return shownOf(held.value, stretch.value ?? opening(held.value, unread_from));
  });
  const items = computed(() => {
    live.follow("channels");
    return toItems({
      me: client.user_id,
      messages: withoutDoomed(page.value.messages, channel, doomed.value),
      // While older messages are looked at, the newest end is not drawn, and those on their way belong below it.
      pending: page.value.more_after ? [] : client.pending(channel),
      marks: watermarks(client.channel(channel), client.receiptsOf(channel), client.user_id),
      unread_from,
      changing: waitingIn(channel, edits.value),
    });
  });
  const state = signal<TimelineState>("loading");
  const given = { context, channel, unread_from };
  const inner: State = { ...given, state, held, stretch, page, loading: undefined };
  return {
    state,
    items,
    page,
    unread_from,
    find: (seq) => find(held.peek(), seq),
    open: () => open(inner, elsewhere),
    loadOlder: () => loadOlder(inner),
    loadNewer: () => loadNewer(inner),
    toNewest: async () => {
      if (held.peek().more_after) await loadAfter(inner, {});
      const { more_after } = held.peek();
      if (page.peek().more_after && !more_after) stretch.value = newest(held.peek());
    },
    reach: (seq) => reach(inner, seq),
    follow: (gaze) => {
      const drawn = stretch.peek();
      if (drawn) stretch.value = settled(held.peek(), drawn, gaze);
    },
  };
}

/** One load at a time: the scroller asks again as long as it stands at the end. */
async function load(inner: State, query: HistoryQuery): Promise<boolean> {
  if (inner.loading) return false;
  const { client } = inner.context;
  inner.loading = client.history(inner.channel, query).then(
    () => true,
    () => false,
  );
  const loaded = await inner.loading;
  inner.loading = undefined;
  return loaded;
}

/** For what was asked for by a person: comes after the load that is under way. */
async function loadAfter(inner: State, query: HistoryQuery): Promise<boolean> {
  while (inner.loading) await inner.loading;
  return load(inner, query);
}

/**
 * What has to be loaded for a chat to open: the first unread message where that is far from the newest, and the newest
 * where an older stretch is held, because somebody had gone there.
 */
function opensAt(
  { client }: Context,
  channel: ChannelId,
  unread_from: Seq | undefined,
): HistoryQuery | undefined {
  const far = (client.channel(channel)?.unread ?? 0) > UNREAD_NEAR;
  if (far && unread_from !== undefined) return { around: unread_from };
  return client.messages(channel).more_after ? {} : undefined;
}

async function open(inner: State, elsewhere: HistoryQuery | undefined): Promise<void> {
  const { context, channel, unread_from, state, held, stretch } = inner;
  state.value = "loading";
  try {
    await context.client.open(channel);
    if (elsewhere) await context.client.history(channel, elsewhere);
    if (elsewhere && "around" in elsewhere) stretch.value = around(held.peek(), elsewhere.around);
    state.value = "ready";
  } catch (error) {
    const known = held.peek().messages.length > 0;
    state.value = isNotYet(error, channel) || known ? "ready" : "failed";
  }
  // What is drawn by now stays so when more comes in below.
  stretch.value ??= opening(held.peek(), unread_from);
}

async function loadOlder(inner: State): Promise<void> {
  const { held, page, stretch } = inner;
  const [first] = page.peek().messages;
  if (!page.peek().more_before) return;
  // All that was drawn is hidden by now: the newest of what is left is as good as any.
  if (!first) return void (await load(inner, {}));
  const before = held.peek().messages.findIndex(({ seq }) => seq === first.seq);
  const oldest = held.peek().messages[0]?.seq ?? first.seq;
  if (before < STEP_MESSAGES && held.peek().more_before) await load(inner, { before: oldest });
  stretch.value = upFrom(held.peek(), first.seq);
}

async function loadNewer(inner: State): Promise<void> {
  const { held, page, stretch } = inner;
  const last = page.peek().messages.at(-1);
  if (!page.peek().more_after || !last) return;
  const after = held.peek().messages.filter(({ seq }) => seq > last.seq).length;
  const latest = held.peek().messages.at(-1)?.seq ?? last.seq;
  if (after < STEP_MESSAGES && held.peek().more_after) await load(inner, { after: latest });
  stretch.value = downFrom(held.peek(), last.seq);
}

async function reach(inner: State, seq: Seq): Promise<boolean> {
  const { held, page, stretch } = inner;
  if (find(page.peek(), seq)) return true;
  if (!find(held.peek(), seq)) await loadAfter(inner, { around: seq });
  if (!find(held.peek(), seq)) return false;
  stretch.value = around(held.peek(), seq);
  return true;
}

function find({ messages }: Page, seq: Seq): Message | undefined {
  return messages.find((message) => message.seq === seq);
}

/**
 * A direct chat begins with its first message: until then the server does not know it. One that is born between the
 * question and its answer says that we are no members yet.
 */
function isNotYet(error: unknown, channel: ChannelId): boolean {
  return channel.startsWith("d") && ["not_found", "not_member"].includes(codeOf(error));
}
