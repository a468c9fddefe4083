/** Histories with one wrong row, and the same without it. */
import { test } from "bun:test";
import type { Put } from "@damso/core/tables";
import { directChannel } from "@damso/protocol/ids";
import type { MessageId } from "@damso/protocol/ids";
import type { CheckerOptions } from "./book.ts";
import {
  alter,
  ann,
  bob,
  clean,
  clientId,
  eve,
  flagged,
  GROUP,
  messageIn,
  spoil,
  story,
} from "./story.testing.ts";
import type { Story } from "./story.testing.ts";

/** A group of three with one message of ann's. */
function begun(options: Partial<CheckerOptions> = {}): {
  told: Story;
  first: Put[];
  puts: Put[];
} {
  const told = story(options);
  const first = told.commit(told.create([ann, bob, eve]));
  const puts = told.commit(told.send(ann, "hello"));
  return { told, first, puts };
}

test("[I7][I9][I10][I15][I16] a right history of joins, sends, changes and reads passes", () => {
  const { told, puts } = begun();
  const second = told.commit(told.send(bob, "hi", { mentions: [ann] }));
  told.commit(told.read(ann, 3));
  told.commit(told.update(messageIn(puts), { body: "edited", body_rev: 2, edited_at: "x" }));
  told.commit(told.leave(ann, eve));
  told.commit(told.join(ann, eve));
  told.commit(told.first(bob, eve, "direct"));
  told.commit(told.update(messageIn(second), { reactions: { a: [ann] } }));
  clean(told);
});

test("[I7] a seq that leaves a gap, a second message at a seq, an id out of order", () => {
  const { told } = begun();
  told.commit(
    spoil(told.send(ann, "a"), "messages", (put) => ({
      ...put,
      key: [GROUP, 9],
      row: { ...put.row, seq: 9 } as never,
    })),
  );
  flagged(told, "I7");

  const twice = begun();
  const row = messageIn(twice.puts);
  const message_id = "4000000000000009999" as MessageId;
  twice.told.commit([{ table: "messages", key: [GROUP, 2], row: { ...row, message_id, rev: 2 } }]);
  flagged(twice.told, "I7");

  const early = begun();
  early.told.commit(
    alter(early.told.send(ann, "b"), "messages", { message_id: "1000000000000000001" }),
  );
  flagged(early.told, "I7");
});

test("[I7] a position that leaves a gap or comes twice", () => {
  const { told, puts } = begun();
  told.commit(puts.filter(({ table }) => table === "feed"));
  flagged(told, "I7");
  const gap = begun();
  gap.told.entry(ann, {});
  gap.told.commit(gap.told.send(ann, "a"));
  flagged(gap.told, "I7");
});

test("[I4] one client id twice, a row of sends that is missing, wrong, changed or forgotten", () => {
  const { told, puts } = begun();
  told.commit(told.send(ann, "again", { client_id: messageIn(puts).client_id ?? clientId() }));
  flagged(told, "I4");
  const missing = begun();
  missing.told.commit(spoil(missing.told.send(ann, "a"), "sends", () => null));
  flagged(missing.told, "I4");
  const wrong = begun();
  wrong.told.commit(alter(wrong.told.send(ann, "a"), "sends", { seq: 1 }));
  flagged(wrong.told, "I4");
  const forgotten = begun();
  forgotten.told.commit(
    spoil(forgotten.puts, "sends", (put) => ({ ...put, row: null })).filter(
      ({ table }) => table === "sends",
    ),
  );
  flagged(forgotten.told, "I4");
});

test("[I9] a message of someone who had left, a change told to him, a wrong place to see from", () => {
  const { told, puts } = begun();
  told.commit(told.leave(ann, eve));
  told.commit(told.send(eve, "from outside"));
  flagged(told, "I9");
  const late = begun();
  late.told.commit(late.told.leave(ann, eve));
  const change = late.told.update(messageIn(puts), { reactions: { a: [ann] } });
  const stray = late.told.entry(eve, {
    kind: "message_updated",
    channel: GROUP,
    seq: 2,
    unread: 0,
    unread_mentions: 0,
  });
  late.told.commit([...change, stray]);
  flagged(late.told, "I9");
  const early = begun();
  early.told.commit(early.told.leave(ann, eve));
  early.told.commit(
    spoil(early.told.join(ann, eve), "channels", (put) => {
      const members = put.row?.members.map((member) => ({ ...member, visible_from: 1 }));
      return { ...put, row: { ...put.row, members } as never };
    }),
  );
  flagged(early.told, "I9");
});

test("[I10] a member who is not told, one who is told twice, and a stranger who is", () => {
  const { told } = begun();
  told.commit(spoil(told.send(ann, "a"), "feed", (put) => (put.key[0] === eve ? null : put)));
  told.commit(told.send(ann, "b"));
  flagged(told, "I10");
  const twice = begun();
  const again = twice.told.entry(bob, {
    kind: "message",
    channel: GROUP,
    seq: 2,
    unread: 1,
    unread_mentions: 0,
  });
  twice.told.commit([again]);
  flagged(twice.told, "I10");
  const stranger = begun();
  stranger.told.commit(stranger.told.leave(ann, eve));
  const puts = stranger.told.send(ann, "a");
  puts.push(
    stranger.told.entry(eve, {
      kind: "message",
      channel: GROUP,
      seq: 4,
      unread: 1,
      unread_mentions: 0,
    }),
  );
  stranger.told.commit(puts);
  flagged(stranger.told, "I10");
});

test("[I16] rev that stays or jumps, a fixed field that changes, a body that changes without body_rev", () => {
  const wrong = [
    { rev: 1 },
    { rev: 5 },
    { sender_id: bob },
    { created_at: "2027-01-01T00:00:00.000Z" },
    { body: "other" },
    { body: "other", body_rev: 2 },
    { deleted_at: "x", body_rev: 2 },
  ];
  for (const parts of wrong) {
    const { told, puts } = begun();
    told.commit(told.update(messageIn(puts), parts));
    flagged(told, "I16");
  }
  const { told, puts } = begun();
  const { body: _, ...rest } = messageIn(puts);
  const gone = told.commit(told.update(rest, { deleted_at: "x", body_rev: 2 }));
  clean(told);
  told.commit(told.update(messageIn(gone), { reactions: { a: [bob] } }));
  flagged(told, "I16");
});

test("[I11][I16] a long text lies apart, whole, and goes with its message", () => {
  const long = "가".repeat(2000);
  const cut = { truncated: true, length: 2000 };
  const apart: Put = { table: "bodies", key: [GROUP, 3], row: { body: long } };
  const { told } = begun();
  const puts = told.commit([...told.send(ann, long.slice(0, 1000), cut), apart]);
  clean(told);
  const { body: _, truncated: _cut, length: _length, ...rest } = messageIn(puts);
  told.commit(told.update(rest, { deleted_at: "x", body_rev: 2 }));
  flagged(told, "I16");
  const other = begun();
  other.told.commit([...other.told.send(ann, "나".repeat(1000), cut), apart]);
  flagged(other.told, "I11");
  const none = begun();
  none.told.commit(none.told.send(ann, long.slice(0, 1000), cut));
  flagged(none.told, "I16");
});

test("[I19] nothing is written after a block until it is lifted", () => {
  const told = story();
  const puts = told.commit(told.first(ann, bob, "hi"));
  const channel = directChannel(ann, bob);
  const row = puts.find(({ table }) => table === "channels")?.row as object;
  const block = (blocked_by: string[]): Put => ({
    table: "channels",
    key: [channel],
    row: { ...row, blocked_by } as never,
  });
  told.commit([block([bob])]);
  told.commit([block([])]);
  const react = { ...messageIn(puts), rev: 2, reactions: { a: [bob] } };
  told.commit([{ table: "messages", key: [channel, 1], row: react }]);
  clean(told);
  told.commit([block([bob])]);
  told.commit([{ table: "messages", key: [channel, 1], row: { ...react, rev: 3, reactions: {} } }]);
  flagged(told, "I19");
});

test("[I15] a marker that goes back, counts that are not those of the messages", () => {
  const { told } = begun();
  told.commit([
    told.entry(bob, { kind: "read", channel: GROUP, seq: 2, unread: 0, unread_mentions: 0 }),
  ]);
  clean(told);
  told.commit([
    told.entry(bob, { kind: "read", channel: GROUP, seq: 1, unread: 0, unread_mentions: 0 }),
  ]);
  flagged(told, "I15");
  const counted = begun();
  counted.told.commit(alter(counted.told.send(bob, "a"), "feed", { unread: 7 }));
  flagged(counted.told, "I15");
});

test("[I13][I15] rows that memory is read back from say what the feed says", () => {
  const row = {
    pos: 3,
    activity: 3,
    visible_from: 1,
    head: 2,
    read: 1,
    skipped: [],
    mentions: [],
    hidden: [],
    cleared_to: 0,
  };
  const { told } = begun();
  told.commit([{ table: "user_channels", key: [bob, GROUP], row }]);
  told.commit([{ table: "users", key: [bob], row: { covered: 3, tail: 0, ages: [] } }]);
  clean(told);
  told.commit([{ table: "users", key: [bob], row: { covered: 8, tail: 0, ages: [] } }]);
  flagged(told, "I13");
  const wrong = begun();
  wrong.told.commit([{ table: "user_channels", key: [bob, GROUP], row: { ...row, read: 2 } }]);
  flagged(wrong.told, "I15");
});

const gone = (pos: number): Put => ({ table: "feed", key: [bob, pos], row: null });
const kept = (tail: number): Put => ({
  table: "users",
  key: [bob],
  row: { covered: 3, tail, ages: [] },
});

/** Bob's feed of three entries, all covered. */
function trimmed(puts: Put[]): ReturnType<typeof begun> {
  const made = begun({ feed_kept: { entries: 1, ms: 0 } });
  // Messages of the story are from a time of their own, which this is after.
  made.told.time.now = Date.UTC(2100, 0);
  made.told.commit([kept(0)]);
  made.told.commit(puts);
  return made;
}

/** All three go so many ms after they came. */
function aged(ms: number): ReturnType<typeof begun>["told"] {
  const { told } = begun({ feed_kept: { entries: 0, ms: 2500 } });
  told.time.now += ms;
  told.commit([kept(0)]);
  told.commit([gone(1), gone(2), gone(3), kept(3)]);
  return told;
}

test("[I2][I13] entries go in order, covered, not too many, not too young, and their user's row says so", () => {
  clean(trimmed([gone(1), gone(2), kept(2)]).told);
  flagged(trimmed([gone(2), kept(2)]).told, "I2");
  flagged(trimmed([gone(1), gone(2), gone(3), kept(3)]).told, "I2");
  flagged(trimmed([gone(1), kept(2)]).told, "I2");
  flagged(trimmed([gone(1), gone(2), kept(1)]).told, "I2");
  flagged(aged(500), "I2");
  clean(aged(2500));
  const early = begun({ feed_kept: { entries: 1, ms: 0 } });
  early.told.commit([gone(1), kept(1)]);
  flagged(early.told, "I13");
});

test("[I1][I2] a backup without its oldest entries is judged by them all the same", () => {
  const { told, first, puts } = trimmed([gone(1), gone(2), kept(2)]);
  const rows = [...first, ...puts, kept(2)];
  const isGone = ({ table, key }: Put): boolean =>
    table === "feed" && key[0] === bob && key[1] <= 2;
  told.checkers.witness.restored(rows.filter((put) => !isGone(put)));
  told.commit(told.send(ann, "after the restore"));
  clean(told);
});

test("[I10] what another shard forwards is applied once", () => {
  const told = story({ coalesced: true });
  const fed = (n: number): Put => ({ table: "fed", key: [0, 1], row: { n } });
  told.commit([fed(4)]);
  told.commit([fed(5)]);
  clean(told);
  told.commit([fed(5)]);
  flagged(told, "I10");
});

test("[I14] a message that is due for push has a row for each who wants it", () => {
  const wants = story({ pushes_to: (user_id) => user_id === bob });
  wants.commit(wants.create([ann, bob, eve]));
  const puts = wants.send(ann, "a");
  const push: Put = {
    table: "pushes",
    key: [0, 1, bob, wants.head(bob)],
    row: { channel: GROUP, seq: 2 },
  };
  wants.commit([...puts, push]);
  clean(wants);
  wants.commit(wants.send(ann, "b"));
  flagged(wants, "I14");
});

test("[I1] a backup is a new beginning: it is judged from there on", () => {
  const { told, puts } = begun();
  const rows = [...told.commit([]), ...puts];
  told.checkers.witness.restored(rows);
  clean(told);
  told.checkers.witness.restored([]);
  told.commit(puts);
  flagged(told, "I7");
});
