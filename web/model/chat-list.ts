/** The list of chats, as rows ready to be drawn. */
import type { Channel, ChannelId, Message, UserId } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { computed, signal } from "@preact/signals";
import type { Context } from "./context.ts";
import type { Edit } from "./edits.ts";
import { withEdit } from "./edits.ts";
import { lineOf } from "./files-text.ts";
import { isMuted } from "./mute.ts";
import { plainName } from "./people.ts";
import { peerOf, presenceView } from "./presence.ts";
import { placeholder, systemText } from "./system.ts";
import type { Tick } from "./ticks.ts";
import { tickOf, tickOfPending, watermarks } from "./ticks.ts";
import { shortTime } from "./time.ts";

/** Enough for one line on any screen. */
const PREVIEW_CODE_UNITS = 140;

export type Row = {
  id: ChannelId;
  /** What the colour of the face is made from. */
  face: string;
  name: string;
  online: boolean;
  group: boolean;
  preview: Preview;
  time: string;
  unread: number;
  mentioned: boolean;
  /** To be come back to, though nothing in it is new. */
  marked: boolean;
  muted: boolean;
  pinned: boolean;
  /** Something is still to be sent there. */
  waiting: boolean;
  tick: Tick | undefined;
};

/** `by` is who wrote it, said in groups and for own messages. */
export type Preview = { kind: "text" | "typing" | "draft" | "aside"; by?: string; text: string };

const NO_EDITS: ReadonlySignal<readonly Edit[]> = signal([]);

export function createChatList(
  context: Context,
  draftOf: (channel: ChannelId) => string,
  edits: ReadonlySignal<readonly Edit[]> = NO_EDITS,
): ReadonlySignal<readonly Row[]> {
  // A channel that has not changed is the same object, and its row is made anew only when something else in it has.
  const rows = new WeakMap<Channel, ReadonlySignal<Row>>();
  const rowOf = (channel: Channel): Row => {
    const row = rows.get(channel) ?? computed(() => toRow(context, channel, draftOf, edits.value));
    rows.set(channel, row);
    return row.value;
  };
  return computed(() => {
    context.live.follow("channels");
    // What is on its way is newer than whatever is kept, and without a network it stays so for long.
    const place = ({ pinned, waiting }: Row): number => Number(pinned) * 2 + Number(waiting);
    const kept = context.client.channels().map(rowOf);
    return kept.toSorted((a, b) => place(b) - place(a));
  });
}

/** How a channel is called: its name, its members where it has none, or the other one's name. */
export function nameOfChannel(context: Context, channel: Channel): string {
  const { people, client, speech } = context;
  const peer = peerOf(channel, client.user_id);
  if (peer === client.user_id) return speech.strings.value.notesToSelf;
  if (peer !== undefined) return people.nameOf(peer);
  if (channel.name !== undefined && channel.name !== "") return plainName(channel.name);
  const others = channel.members.filter(({ user_id }) => user_id !== client.user_id);
  return others
    .slice(0, 4)
    .map(({ user_id }) => people.nameOf(user_id))
    .join(", ");
}

function toRow(
  context: Context,
  kept: Channel,
  draftOf: (channel: ChannelId) => string,
  edits: readonly Edit[],
): Row {
  const { client, live, speech, now } = context;
  const [last, changing] = kept.last ? withEdit(kept.last, edits) : [undefined, false];
  const channel = last && last !== kept.last ? { ...kept, last } : kept;
  live.follow(`channel:${channel.id}`);
  const peer = peerOf(channel, client.user_id);
  const newest = client.pending(channel.id).at(-1);
  const at = newest?.created_at ?? channel.last?.created_at;
  return {
    id: channel.id,
    face: peer ?? channel.id,
    name: nameOfChannel(context, channel),
    online: peer !== undefined && peer !== client.user_id && presenceView(context, peer).online,
    group: channel.kind === "group",
    preview: previewOf(context, channel, draftOf(channel.id)),
    time:
      at === undefined ? "" : shortTime(at, now.value, speech.locale.value, speech.strings.value),
    unread: channel.unread,
    mentioned: channel.unread_mentions > 0,
    marked: channel.unread_mark === true,
    muted: isMuted(channel.muted_until, now.value),
    pinned: channel.pinned === true,
    waiting: newest !== undefined && newest.state !== "failed",
    tick: rowTick(context, channel, changing),
  };
}

function rowTick({ client }: Context, channel: Channel, changing: boolean): Tick | undefined {
  const newest = client.pending(channel.id).at(-1);
  if (newest) return tickOfPending(newest);
  const last = channel.last;
  const own = last?.kind === "text" && last.sender_id === client.user_id;
  if (!own || last.deleted_at !== undefined) return undefined;
  if (changing) return "waiting";
  return tickOf(last, watermarks(channel, client.receiptsOf(channel.id), client.user_id));
}

function previewOf(context: Context, channel: Channel, draft: string): Preview {
  const { client, people, speech } = context;
  const strings = speech.strings.value;
  const writers = client.typingIn(channel.id);
  if (writers.length > 0) {
    return { kind: "typing", text: strings.typing(writers.map(people.nameOf)) };
  }
  if (draft !== "") return { kind: "draft", by: strings.draft, text: oneLine(draft) };
  const newest = client.pending(channel.id).at(-1);
  if (newest) return { kind: "text", by: strings.you, text: oneLine(lineOf(newest, strings)) };
  return channel.last
    ? previewOfMessage(context, channel, channel.last)
    : { kind: "text", text: "" };
}

function previewOfMessage(context: Context, channel: Channel, last: Message): Preview {
  const { client, people, speech } = context;
  const strings = speech.strings.value;
  const called = (user_id: UserId): string =>
    user_id === client.user_id ? strings.you : people.nameOf(user_id);
  if (last.kind === "system") return { kind: "aside", text: systemText(last, called, strings) };
  const instead = placeholder(last, strings);
  if (instead !== undefined) return { kind: "aside", text: instead };
  const text = oneLine(lineOf(last, strings));
  const said = channel.kind === "group" || last.sender_id === client.user_id;
  return said ? { kind: "text", by: called(last.sender_id), text } : { kind: "text", text };
}

function oneLine(text: string): string {
  return text.slice(0, PREVIEW_CODE_UNITS).replace(/\s+/g, " ");
}
