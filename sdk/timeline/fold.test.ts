import { describe, expect, test } from "bun:test";
import type { Channel, FeedEvent } from "@damso/protocol";
import type { ChannelRecord, MessageStep, Range } from "../store/port.ts";
import { channelOf, groupId, messageOf } from "../testing/records.ts";
import { fold, foldSummary } from "./fold.ts";

const id = groupId(1);
const counts = { unread: 3, unread_mentions: 1 };
const base: Partial<Channel> = { head: 5, last: messageOf(id, 5), read: 2, unread: 3, pos: 10 };

function recordOf(parts: Partial<Channel> = {}, ranges: Range[] = [[1, 5]]): ChannelRecord {
  return { channel: channelOf(id, { ...base, ...parts }), ranges };
}

type Expected = { channel?: Partial<Channel> | null; ranges?: Range[]; steps?: MessageStep[] };

function check(title: string, record: ChannelRecord, event: FeedEvent, expected: Expected): void {
  test(title, () => {
    const folded = fold(record, event);
    if (expected.channel === null) expect(folded?.record).toBeNull();
    else expect(folded?.record?.channel).toMatchObject(expected.channel ?? record.channel);
    if (expected.ranges) expect(folded?.record?.ranges).toEqual(expected.ranges);
    expect(folded?.steps).toEqual(expected.steps ?? []);
  });
}

const messageAt = (pos: number, seq: number, parts = {}): FeedEvent => ({
  type: "message",
  pos,
  channel: id,
  message: messageOf(id, seq, parts),
  unread: 4,
  unread_mentions: 1,
});

describe("messages", () => {
  check("a new message is stored, covered, counted and shown last", recordOf(), messageAt(11, 6), {
    channel: { head: 6, last: messageOf(id, 6), unread: 4, unread_mentions: 1, pos: 11 },
    ranges: [[1, 6]],
    steps: [{ put: messageOf(id, 6) }],
  });
  check(
    "[D14] one that the summary knew brings its text and nothing else",
    recordOf(),
    messageAt(9, 5),
    {
      ranges: [[1, 5]],
      steps: [{ put: messageOf(id, 5) }],
    },
  );
  check(
    "[D7] one that is not for me any more brings its place",
    recordOf(),
    messageAt(11, 6, { unavailable: true }),
    {
      channel: { head: 6, unread: 4, pos: 11 },
      ranges: [[1, 6]],
    },
  );
  check(
    "one below a cleared history stays cleared",
    recordOf({ cleared_to: 6, pos: 20 }, []),
    messageAt(11, 6),
    {
      ranges: [],
    },
  );
  check(
    "a change of an uncovered message is stored and covers nothing",
    recordOf({}, [[4, 5]]),
    { ...messageAt(11, 2, { rev: 2 }), type: "message_updated" } as FeedEvent,
    {
      channel: { head: 5, pos: 11 },
      ranges: [[4, 5]],
      steps: [{ put: messageOf(id, 2, { rev: 2 }) }],
    },
  );
  check(
    "[D10] a change of the last message shows in the list",
    recordOf(),
    { ...messageAt(11, 5, { rev: 2, body: "new" }), type: "message_updated" } as FeedEvent,
    {
      channel: { last: messageOf(id, 5, { rev: 2, body: "new" }) },
      steps: [{ put: messageOf(id, 5, { rev: 2, body: "new" }) }],
    },
  );
  check(
    "a pin is on the channel too",
    recordOf({ pins: [1] }),
    { ...messageAt(11, 2, { rev: 2, pinned: true }), type: "message_updated" } as FeedEvent,
    { channel: { pins: [1, 2] }, steps: [{ put: messageOf(id, 2, { rev: 2, pinned: true }) }] },
  );
  check(
    "[I16] a hidden message is cut, and leaves its place in the list",
    recordOf(),
    { type: "message_hidden", pos: 11, channel: id, seq: 5, ...counts },
    {
      channel: { last: expect.objectContaining({ seq: 5, unavailable: true }) as never, pos: 11 },
      steps: [{ cut: id, from: 5, to: 5 }],
    },
  );
});

describe("own state", () => {
  const set = (fields: object): FeedEvent => ({
    type: "channel_settings",
    pos: 11,
    channel: id,
    ...fields,
    ...counts,
  });
  check(
    "[D13] a marker moves and takes the mark away",
    recordOf({ unread_mark: true }),
    { type: "read", pos: 11, channel: id, seq: 4, unread: 1, unread_mentions: 0 },
    {
      channel: { read: 4, unread: 1, unread_mentions: 0, pos: 11 },
    },
  );
  check(
    "[I15] a marker never moves back",
    recordOf({ read: 4 }),
    { type: "read", pos: 11, channel: id, seq: 3, ...counts },
    {
      channel: { read: 4 },
    },
  );
  check(
    "an older marker is ignored",
    recordOf(),
    { type: "read", pos: 10, channel: id, seq: 5, ...counts },
    {},
  );
  check(
    "[P17] settings change what they name",
    recordOf({ draft: "a", pinned: true }),
    set({ draft: "b" }),
    {
      channel: { draft: "b", pinned: true, pos: 11 },
    },
  );
  check("[D13] a cleared history is cut and read", recordOf(), set({ cleared_to: 4 }), {
    channel: { cleared_to: 4, read: 4, last: messageOf(id, 5) },
    ranges: [[5, 5]],
    steps: [{ cut: id, from: 1, to: 4 }],
  });

  test("[P17] null clears", () => {
    const folded = fold(recordOf({ draft: "a", pinned: true }), set({ draft: null, pinned: null }));
    expect(folded?.record?.channel).not.toHaveProperty("draft");
    expect(folded?.record?.channel).not.toHaveProperty("pinned");
  });
});

describe("channels", () => {
  const all = { cut: id, from: 1, to: Infinity };
  const leftAt = (pos: number): FeedEvent => ({
    type: "channel_left",
    pos,
    channel: id,
    reason: "left",
  });
  check("[D5] a channel that was left goes with its messages", recordOf(), leftAt(11), {
    channel: null,
    steps: [all],
  });
  check(
    "[I2] a departure before the last return leaves the channel, and nothing of what was held of it",
    recordOf(),
    leftAt(9),
    { ranges: [], steps: [all] },
  );

  test("[D14] an older summary changes nothing", () => {
    const record = recordOf();
    expect(foldSummary(record, channelOf(id, { pos: 9, head: 9 })).record).toBe(record);
  });

  test("a newer one replaces the channel and keeps what is covered", () => {
    const summary = channelOf(id, { pos: 12, head: 7, last: messageOf(id, 7), read: 7 });
    const { record, steps } = foldSummary(recordOf(), summary);
    expect(record).toEqual({
      channel: summary,
      ranges: [
        [1, 5],
        [7, 7],
      ],
    });
    expect(steps).toEqual([{ put: messageOf(id, 7) }]);
  });

  test("[D6] a return cuts what was seen before", () => {
    const summary = channelOf(id, { pos: 12, head: 7, visible_from: 4 });
    const { record, steps } = foldSummary(recordOf(), summary);
    expect(record?.ranges).toEqual([[4, 5]]);
    expect(steps).toEqual([{ cut: id, from: 1, to: 3 }]);
  });

  test("[R5] the other's marks only rise", () => {
    const record = recordOf({ peer_read: 4, peer_delivered: 5 });
    const summary = channelOf(id, { pos: 12, peer_read: 3, peer_delivered: 6 });
    expect(foldSummary(record, summary).record?.channel).toMatchObject({
      peer_read: 4,
      peer_delivered: 6,
    });
  });
});

test("[P2] an event of a later version folds to nothing", () => {
  expect(fold(recordOf(), { type: "poll", pos: 11, channel: id } as never)).toBeUndefined();
});
