import { expect, test } from "bun:test";
import type { FeedEvent } from "@damso/protocol";
import { channelOf, groupId, messageOf } from "../testing/records.ts";
import { applyEvent, applySummary } from "./apply.ts";
import { state } from "./state.ts";
import type { Read, State } from "./state.ts";

const channel = groupId(1);

/** A device that has no channel yet: its list is on its way. */
function listing(): State {
  const never = (): Promise<never> => new Promise(() => {});
  const self = state({
    call: never,
    store: { messages: async () => [] },
    writer: { add() {}, full: () => false, flush: async () => {}, broken: () => false },
    emit() {},
    notify() {},
    pause: never,
    online: () => true,
    arrived: (message) => message,
    forget() {},
    changed() {},
  });
  self.cursor = { id: "f1" as never, pos: 10, partial: true };
  return self;
}

function pass(self: State, ...events: FeedEvent[]): void {
  for (const event of events) applyEvent(self, self.cursor as never, event, true);
}

const read = (pos: number, seq: number): FeedEvent => ({
  type: "read",
  pos,
  channel,
  seq,
  unread: 1,
  unread_mentions: 0,
});
const said = (pos: number, seq: number): FeedEvent => ({
  type: "message",
  pos,
  channel,
  message: messageOf(channel, seq),
  unread: 2,
  unread_mentions: 0,
});

test("[I15] what was passed over while the list was on its way is applied on the summary, once", () => {
  const self = listing();
  pass(self, read(11, 7), said(12, 10));
  applySummary(self, channelOf(channel, { pos: 11, head: 9, read: 7, unread: 1 }));
  expect(self.channels.get(channel)?.channel).toMatchObject({ pos: 12, head: 10, unread: 2 });
  expect(self.missed.size).toBe(0);

  const early = listing();
  pass(early, read(11, 7));
  applySummary(early, channelOf(channel, { pos: 10, head: 9, read: 3, unread: 5 }));
  pass(early, said(12, 10));
  // A second list, read before the message: what is here is newer and whole.
  applySummary(early, channelOf(channel, { pos: 11, head: 9, read: 7, unread: 1 }));
  expect(early.channels.get(channel)?.channel).toMatchObject({ pos: 12, head: 10, read: 7 });
});

test("[I9] a message that was hidden meanwhile does not come back with the summary", () => {
  const self = listing();
  const hidden = { type: "message_hidden" as const, pos: 11, channel, seq: 9 };
  pass(self, { ...hidden, unread: 0, unread_mentions: 0 });
  const last = messageOf(channel, 9);
  applySummary(self, channelOf(channel, { pos: 10, head: 9, last, unread: 1 }));
  const record = self.channels.get(channel);
  expect(record?.channel).toMatchObject({ pos: 11, unread: 0, last: { unavailable: true } });
});

test("[I9] what was passed over before a whole summary came with an event does not come back with the list", () => {
  const self = listing();
  const put: unknown[] = [];
  self.writer.add = ({ messages }) => void put.push(...(messages ?? []));
  const message = messageOf(channel, 8, { rev: 2, pinned: true });
  const counts = { unread: 0, unread_mentions: 0 };
  pass(
    self,
    { type: "message_updated", pos: 11, channel, message, ...counts },
    { type: "channel", pos: 12, channel: channelOf(channel, { pos: 12, head: 9 }) },
    { type: "message_hidden", pos: 13, channel, seq: 8, ...counts },
  );
  applySummary(self, channelOf(channel, { pos: 10, head: 9 }));
  expect(put).toEqual([{ cut: channel, from: 8, to: 8 }]);
  expect(self.missed.size).toBe(0);
});

test("[I20] of one channel the newest 500 events wait, and a summary from before them is of no use", () => {
  const self = listing();
  for (let n = 0; n < 600; n++) pass(self, said(11 + n, 1 + n));
  applySummary(self, channelOf(channel, { pos: 10, head: 0 }));
  expect(self.channels.has(channel)).toBe(false);
  applySummary(self, channelOf(channel, { pos: 400, head: 390 }));
  expect(self.channels.get(channel)?.channel).toMatchObject({ pos: 610, head: 600 });
});

test("[I2] a cleared history that is shown again while the list is on its way has the list read once more", () => {
  const self = listing();
  const settings = { type: "channel_settings" as const, pos: 11, channel, cleared_to: null };
  pass(self, { ...settings, unread: 0, unread_mentions: 0 });
  applySummary(self, channelOf(channel, { pos: 10, head: 9, read: 9, cleared_to: 9 }));
  expect(self.channels.get(channel)?.channel).toMatchObject({ pos: 11, head: 9 });
  expect([...self.missed.keys()]).toEqual([channel]);
});

test("[I2] a cleared history that is shown again waits for its summary, whatever comes meanwhile", () => {
  const self = listing();
  applySummary(self, channelOf(channel, { pos: 10, head: 9, read: 9, cleared_to: 9 }));
  const counts = { unread: 0, unread_mentions: 0 };
  pass(self, { type: "channel_settings", pos: 11, channel, cleared_to: null, ...counts });
  const edited = { ...messageOf(channel, 3), rev: 2 };
  pass(self, { type: "message_updated", pos: 13, channel, message: edited, ...counts });
  self.missed.clear();
  // Read before the edit: older than what this device has heard, which does not know the last message.
  const last = messageOf(channel, 9);
  applySummary(self, channelOf(channel, { pos: 12, head: 9, read: 9, last }));
  expect([...self.missed.keys()]).toEqual([channel]);
  self.missed.clear();
  applySummary(self, channelOf(channel, { pos: 13, head: 9, read: 9, last }));
  expect(self.channels.get(channel)?.channel).toMatchObject({ pos: 13, head: 9, last });
  expect(self.missed.size).toBe(0);
});

test("[I2] a page that was asked for while the history was cleared is read again when it is shown again", () => {
  const self = listing();
  applySummary(self, channelOf(channel, { pos: 10, head: 9, read: 9, cleared_to: 5 }));
  const read: Read = { channel, steps: [] };
  self.reads.add(read);
  pass(self, {
    type: "channel_settings",
    pos: 11,
    channel,
    cleared_to: null,
    unread: 0,
    unread_mentions: 0,
  });
  expect(read.steps).toContainEqual({ wipe: true });
});
