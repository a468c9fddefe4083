/** One open chat: its header, its timeline, the field below it, and what can be done to a message. */
import type { Channel, ChannelId, ClientId, Message, Seq, UserId } from "@damso/sdk";
import { directMembers } from "@damso/protocol/ids";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { computed, signal } from "@preact/signals";
import { watchFailures } from "./alarms.ts";
import { nameOfChannel } from "./chat-list.ts";
import type { Composer } from "./composer.ts";
import { createComposer } from "./composer.ts";
import type { Context } from "./context.ts";
import { createDeeds, isEditable } from "./deeds.ts";
import type { Deletions } from "./deletions.ts";
import { withoutDoomed } from "./deletions.ts";
import type { Drafts } from "./drafts.ts";
import type { Edits } from "./edits.ts";
import { nextMention } from "./mentions-ahead.ts";
import { presenceView } from "./presence.ts";
import type { Report } from "./report.ts";
import type { Selection } from "./selection.ts";
import { createSelection } from "./selection.ts";
import type { TimelineModel } from "./timeline.ts";
import { createTimeline } from "./timeline.ts";
import type { Trail } from "./trail.ts";
import { createTrail } from "./trail.ts";

export type Header = {
  name: string;
  face: string;
  group: boolean;
  online: boolean;
  /** Presence in words, or how many members there are. */
  text: string;
  unread: number;
  mentions: number;
};

export type Chat = {
  id: ChannelId;
  context: Context;
  group: boolean;
  /** Undefined before the first message of a direct chat. */
  channel: ReadonlySignal<Channel | undefined>;
  peer: UserId | undefined;
  header: ReadonlySignal<Header>;
  typing: ReadonlySignal<string>;
  /** The pinned messages, the newest last. */
  pins: ReadonlySignal<readonly Seq[]>;
  timeline: TimelineModel;
  trail: Trail;
  selection: Selection;
  composer: Composer;
  /** The message that the chat is to be shown at. */
  wanted: Signal<Seq | undefined>;
  /** How many messages were written since the chat was opened: what one has just written is to be seen. */
  written: ReadonlySignal<number>;
  /** Something was written elsewhere than in the field: files. */
  wrote: () => void;
  report: Report;
  /** Somebody looks at the message of this seq: the marker moves up to it. */
  saw: (seq: Seq) => void;
  /** Edits the newest own message that is loaded: ArrowUp in an empty field. */
  editLast: () => Promise<void>;
  react: (message: Message, emoji: string) => void;
  togglePin: (message: Message) => void;
  /** Can be taken back for a few seconds. */
  remove: (messages: readonly Message[], whom: "all" | "me") => void;
  /** Whether I may delete it for everybody: my own, or anybody's in a group that I lead. */
  mayDelete: (message: Message) => boolean;
  /** The first unread message further down that means me. */
  nextMention: () => Promise<Seq | undefined>;
  retry: (client_id: ClientId) => void;
  discard: (client_id: ClientId) => void;
  close: () => void;
};

/** What the chats of one page share. */
export type ChatTools = { drafts: Drafts; report: Report; deletions: Deletions; edits: Edits };

export function openChat(context: Context, id: ChannelId, tools: ChatTools): Chat {
  const { report, deletions } = tools;
  const { client, live, people, speech } = context;
  const peer = directMembers(id)?.find((user_id) => user_id !== client.user_id);
  const channel = computed(() => {
    live.follow("channels");
    return client.channel(id);
  });
  const timeline = createTimeline(context, id, {
    doomed: deletions.doomed,
    edits: tools.edits.all,
  });
  const written = signal(0);
  const wrote = (): void => {
    written.value += 1;
    void timeline.toNewest();
  };
  const composer = createComposer(context, id, tools, wrote);
  const stopWatching = watchFailures(context, id, report);
  void timeline.open();
  // Whoever opens it has come back to it.
  if (client.channel(id)?.unread_mark === true) void report(client.set(id, { unread_mark: null }));

  return {
    id,
    context,
    group: id.startsWith("g"),
    channel,
    peer,
    header: computed(() => headerOf(context, id, peer, channel.value)),
    typing: computed(() => {
      live.follow(`channel:${id}`);
      const names = client.typingIn(id).map(people.nameOf);
      return names.length === 0 ? "" : speech.strings.value.typing(names);
    }),
    pins: computed(() => channel.value?.pins ?? []),
    timeline,
    trail: createTrail(),
    selection: createSelection(timeline.page),
    composer,
    wanted: signal<Seq | undefined>(undefined),
    written,
    wrote,
    report,
    saw: (seq) => {
      if (seq > (client.channel(id)?.read ?? 0)) client.read(id, seq);
    },
    editLast: async () => {
      const left = withoutDoomed(timeline.page.peek().messages, id, deletions.doomed.peek());
      const own = left.findLast((message) => isEditable(message, client.user_id));
      if (own) await report(composer.edit(own));
    },
    ...createDeeds(context, id, channel, report, deletions),
    nextMention: async () => {
      let seq: Seq | undefined;
      await report(nextMention(context, id).then((found) => (seq = found)));
      return seq;
    },
    close: () => {
      stopWatching();
      client.close(id);
    },
  };
}

function headerOf(
  context: Context,
  id: ChannelId,
  peer: UserId | undefined,
  channel: Channel | undefined,
): Header {
  const { people, speech } = context;
  const strings = speech.strings.value;
  const { unread = 0, unread_mentions: mentions = 0 } = channel ?? {};
  if (id.startsWith("g")) {
    const text = channel ? strings.members(channel.members.length) : "";
    const name = channel ? nameOfChannel(context, channel) : "";
    return { name, face: id, group: true, online: false, text, unread, mentions };
  }
  if (peer === undefined) {
    const face = context.client.user_id;
    return {
      name: strings.notesToSelf,
      face,
      group: false,
      online: false,
      text: "",
      unread,
      mentions,
    };
  }
  const presence = presenceView(context, peer);
  return { name: people.nameOf(peer), face: peer, group: false, ...presence, unread, mentions };
}
