/** What passes on the network of a device is noted, below the SDK: requests, answers, and everything that is shown. */
import type { ChannelId, ClientFrame, ClientId, Message, Pos, Reply } from "@damso/protocol";
import type { Place, SyncPage } from "../check/evidence.ts";
import type { AnyEvent } from "../entry.ts";
import { entryOf, lastOf, messagesOf } from "../entry.ts";
import type { Notes } from "./notes.ts";

/** The frames of a socket that wait for a page of events: what was asked, after which position. */
export type Asked = Map<number, Pos | undefined>;

export type Frame = Reply | (AnyEvent & { pos?: Pos });

export function noteAsked({ transmitted }: Notes, frame: ClientFrame, asked: Asked): void {
  if (frame.type === "hello") asked.set(frame.id, frame.feed?.pos);
  if (frame.type === "sync") asked.set(frame.id, frame.feed.pos);
  if (frame.type !== "send") return;
  transmitted.set(frame.client_id, (transmitted.get(frame.client_id) ?? 0) + 1);
}

export function noteFrame(notes: Notes, frame: Frame, asked: Asked): void {
  switch (frame.type) {
    case "welcome":
    case "events":
      return notePage(notes, frame as Reply & { type: "events" }, asked);
    case "messages":
      for (const message of (frame as Reply & { type: "messages" }).messages) notes.sight(message);
      return;
    case "channel_list":
      for (const { last } of (frame as Reply & { type: "channel_list" }).channels)
        if (last) notes.sight(last);
      return;
    case "sent":
      return noteAnswer(notes, frame as Reply & { type: "sent" });
    case "typing":
    case "receipt":
      notes.whispers.add(frame.channel as ChannelId);
      return;
    default:
      if ("pos" in frame && frame.type !== "head") noteEvent(notes, frame);
  }
}

function noteEvent(notes: Notes, event: AnyEvent): void {
  notes.entry(entryOf(event));
  for (const message of messagesOf(event)) notes.sight(message);
}

function noteAnswer({ answers }: Notes, sent: Place & { client_id: ClientId }): void {
  const { client_id, seq, message_id, created_at } = sent;
  const earlier = answers.get(client_id) ?? [];
  answers.set(client_id, [...earlier, { seq, message_id, created_at }]);
}

function notePage(
  notes: Notes,
  { id, events, feed, more, reset = false }: Reply & { type: "events" },
  asked: Asked,
): void {
  for (const event of events) noteEvent(notes, event);
  const after = asked.get(id);
  if (after === undefined) notes.start ??= feed.head;
  else {
    const page: SyncPage = {
      after,
      poses: events.map(({ pos }) => pos),
      head: feed.head,
      more,
      reset,
    };
    notes.pages.push(page);
  }
}

/** Calls answer with a message or a channel, or with nothing of interest here. */
export function noteBody(notes: Notes, body: unknown): void {
  const { last } = lastOf(body);
  if (last !== undefined) notes.sight(last);
  if (typeof body === "object" && body !== null && "message_id" in body && "rev" in body)
    notes.sight(body as Message);
}
