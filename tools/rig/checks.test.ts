/** A checker that finds nothing is worth nothing unless it finds what is there: each broken promise has to be named. */
import { expect, test } from "bun:test";
import { directChannel } from "@damso/protocol/ids";
import type { ClientId, UserId } from "@damso/protocol/ids";
import type { Channel } from "@damso/protocol/schema/channel";
import type { Message } from "@damso/protocol/schema/message";
import { faultsOf } from "./checks.testing.ts";
import type { Truth } from "./checks.testing.ts";
import { createJournal, noteEvent, noteMessage, noteSend, noteSent } from "./journal.testing.ts";
import type { Journal, SendNote } from "./journal.testing.ts";

const ann = "1500000000000000001" as UserId;
const ben = "1500000000000000002" as UserId;
const channel = directChannel(ann, ben);
const DEVICE = `${ben}/1`;
const LISTED = { id: channel, read: 1, unread: 2, visible_from: 1 } as Channel;

function message(seq: number, more: Partial<Message> = {}): Message {
  return {
    message_id: `150000000000000100${seq}` as Message["message_id"],
    channel,
    seq,
    kind: "text",
    sender_id: ann,
    client_id: `c${seq}` as ClientId,
    body: `body ${seq}`,
    created_at: `2026-01-01T00:00:0${seq}.000Z`,
    rev: 1,
    body_rev: 1,
    ...more,
  };
}

type World = { journal: Journal; truth: Truth; history: Message[]; notes: SendNote[] };

/** Ann has sent three messages, and Ben has seen them. */
function world(): World {
  const journal = createJournal();
  const history = [message(1), message(2), message(3)];
  const notes = history.map(({ client_id, body }): SendNote => {
    const to = { device: `${ann}/1`, user_id: ann, channel, tries: 1 };
    return { ...to, client_id: client_id as ClientId, body: body as string };
  });
  for (const [at, one] of history.entries()) {
    noteSend(journal, notes[at] as SendNote);
    noteSent(journal, notes[at] as SendNote, one);
    noteEvent(journal, DEVICE, { type: "message", pos: at + 1, channel, message: one });
  }
  const truth = { histories: new Map([[channel, history]]), lists: new Map([[ben, [LISTED]]]) };
  return { journal, truth, history, notes };
}

test("nothing is found where nothing is broken", () => {
  const { journal, truth } = world();
  expect(faultsOf(journal, truth)).toEqual([]);
});

const BROKEN: [title: string, fault: string, breaking: (world: World) => void][] = [
  ["an acknowledged message that is gone", "I1", ({ history }) => history.pop()],
  [
    "one that is there twice",
    "I4",
    ({ history }) => history.push(message(4, { client_id: "c3" as ClientId })),
  ],
  [
    "two different answers",
    "I4",
    ({ journal, notes }) => noteSent(journal, notes[0] as SendNote, message(2)),
  ],
  [
    "a later send at an earlier place",
    "I5",
    ({ notes }) => ((notes[0] as SendNote).place = message(3)),
  ],
  ["a gap in the history", "I7", ({ history }) => history.splice(1, 1)],
  [
    "an id that does not rise",
    "S6",
    ({ history }) => ((history[2] as Message).message_id = "1" as never),
  ],
  [
    "a refused message that is there",
    "I22",
    ({ notes }) => ((notes[2] as SendNote).refused = "busy"),
  ],
  ["another body", "I11", ({ history }) => ((history[1] as Message).body = "tampered")],
  [
    "a message that nobody sent",
    "I3",
    ({ journal, notes }) => journal.sends.delete(`${ann} ${channel} ${notes[1]?.client_id}`),
  ],
  ["one that was shown and is not there", "I3", ({ journal }) => noteMessage(journal, message(9))],
  [
    "an older state than was shown",
    "I16",
    ({ journal }) => noteMessage(journal, message(1, { rev: 2 })),
  ],
  [
    "an acknowledged edit that is lost",
    "I16",
    ({ journal }) => journal.changes.push({ channel, seq: 1, rev: 2, body: "new" }),
  ],
  [
    "an event beyond the next",
    "I7",
    ({ journal }) => noteEvent(journal, DEVICE, { type: "read", pos: 9, channel }),
  ],
  [
    "a position that was something else",
    "I3",
    ({ journal }) => noteEvent(journal, DEVICE, { type: "read", pos: 1, channel, seq: 1 }),
  ],
  [
    "a member who was not told",
    "I10",
    ({ journal }) => journal.feeds.get(DEVICE)?.entries.splice(1, 1),
  ],
  [
    "a wrong count",
    "I15",
    ({ truth }) => truth.lists.get(ben)?.splice(0, 1, { ...LISTED, unread: 1 }),
  ],
  ["a marker that moved back", "I15", ({ journal }) => journal.reads.set(`${ben} ${channel}`, 3)],
];

for (const [title, fault, breaking] of BROKEN) {
  test(`${title} is found (${fault})`, () => {
    const broken = world();
    breaking(broken);
    const found = faultsOf(broken.journal, broken.truth);
    expect(found.join("\n")).toContain(`[${fault}] `);
  });
}
