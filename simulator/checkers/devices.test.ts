/** What people meant, devices stored and push services took over: I1, I2, I5, I8, I11, I14. */
import { test } from "bun:test";
import type { Put } from "@damso/core/tables";
import type { ClientId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import type { Change } from "@damso/sdk/store/port";
import {
  ann,
  bob,
  clean,
  clientId,
  eve,
  FEED,
  flagged,
  GROUP,
  messageIn,
  START_MS,
  story,
  view,
  whoOf,
} from "./story.testing.ts";
import type { Story } from "./story.testing.ts";
import type { Held, Intent, Witness } from "./witness.ts";

function begun(): Story {
  const told = story({ pushes_to: () => true });
  told.commit(told.create([ann, bob, eve]));
  return told;
}

function mean(told: Story, order: number, parts: Partial<Intent> = {}): ClientId {
  const client_id = clientId();
  const intent = { who: whoOf(ann), channel: GROUP, client_id, body: "hello", order, known: 1 };
  told.checkers.witness.intended({ ...intent, ...parts });
  return parts.client_id ?? client_id;
}

/** A system message of a settings change has no push, so tests of other things use bodies of nobody's interest. */
function say(told: Story, client_id: ClientId, body = "hello"): Message {
  const puts = told.send(ann, body, { client_id });
  return messageIn(told.commit([...puts, ...due(told, puts)]));
}

function due(told: Story, puts: readonly Put[], due_at = START_MS + 2000): Put[] {
  const { seq } = messageIn(puts);
  return [bob, eve].map((user): Put => ({
    table: "pushes",
    key: [0, due_at, user, told.head(user)],
    row: { channel: GROUP, seq },
  }));
}

test("[I5] the messages of a device stand in the order in which it sent them", () => {
  const told = begun();
  const [first, second] = [mean(told, 1), mean(told, 2)];
  say(told, first);
  say(told, second);
  clean(told);
  const [third, fourth] = [mean(told, 3), mean(told, 4)];
  say(told, fourth);
  say(told, third);
  flagged(told, "I5");
});

test("[I5] a store that was put back may send again in another order", () => {
  const told = begun();
  const [first, second] = [mean(told, 1), mean(told, 2)];
  told.checkers.witness.rewound(whoOf(ann), undefined);
  say(told, second);
  say(told, first);
  clean(told);
});

test("[I8][I11] a message stands after what its sender knew, with the text he wrote", () => {
  const told = begun();
  say(told, mean(told, 1));
  clean(told);
  say(told, mean(told, 2, { body: "other" }));
  flagged(told, "I11");
  const early = begun();
  say(early, clientId());
  const client_id = mean(early, 1, { known: 2 });
  early.checkers.witness.restored([]);
  clean(early);
  const reply = begun();
  say(reply, mean(reply, 1, { reply_to: 1 }));
  flagged(reply, "I8");
  const ahead = begun();
  mean(ahead, 1, { known: 5, client_id });
  flagged(ahead, "I3");
});

test("[I1][I4][I22] what was said of a send is so", () => {
  const told = begun();
  const client_id = mean(told, 1);
  const { seq, message_id, created_at } = say(told, client_id);
  const { settled } = told.checkers.witness;
  settled(client_id, { sent: { seq, message_id, created_at } });
  settled(mean(told, 2), { refused: "not_member" });
  clean(told);
  settled(client_id, { sent: { seq: 7, message_id, created_at } });
  flagged(told, "I4");
  const lost = begun();
  lost.checkers.witness.settled(mean(lost, 1), { sent: { seq, message_id, created_at } });
  flagged(lost, "I1");
  const refused = begun();
  const sent = mean(refused, 1);
  say(refused, sent);
  refused.checkers.witness.settled(sent, { refused: "blocked" });
  flagged(refused, "I22");
});

const change = (parts: Partial<Change>): Change => ({
  channels: new Map(),
  messages: [],
  outbox: new Map(),
  ...parts,
});

function store(told: Story, pos: number, parts: Partial<Change> = {}, partial = false): void {
  const cursor = { id: FEED, pos, ...(partial && { partial }) };
  storeChange(told, { cursor, ...parts });
}

/** In a store that holds of each message what was put last, or what the test says. */
function storeChange(told: Story, parts: Partial<Change>, held?: Message): void {
  const puts = (parts.messages ?? []).flatMap((step) => ("put" in step ? [step.put] : []));
  const last: Held = (_, seq) => held ?? puts.findLast((put) => put.seq === seq);
  told.checkers.witness.stored(whoOf(bob), change(parts), last);
}

const record = (told: Story, pos: number) =>
  new Map([[GROUP, { channel: view(told, bob, { pos }), ranges: [] }]]);

/** Bob's device has read its list of channels; then comes a message. */
function listed(): { told: Story; message: Message } {
  const told = begun();
  store(told, 2, {}, true);
  store(told, 2, { channels: record(told, 2) });
  return { told, message: say(told, clientId()) };
}

test("[I2][I3] a cursor stands for everything up to it", () => {
  const right = listed();
  store(right.told, 3, { channels: record(right.told, 3), messages: [{ put: right.message }] });
  clean(right.told);
  const wrong: [(told: Story, message: Message) => void, "I2" | "I3"][] = [
    [(told) => store(told, 3), "I2"],
    [(told) => store(told, 3, { channels: record(told, 3) }), "I2"],
    [(told) => store(told, 1), "I2"],
    [(told) => store(told, 2, { channels: record(told, 1) }), "I2"],
    [(told) => store(told, 3, { channels: new Map([[GROUP, null]]) }), "I2"],
    [(told) => storeChange(told, { cursor: { id: "f2" as never, pos: 3 } }), "I2"],
    [(told) => store(told, 9), "I3"],
    [(told, message) => storeChange(told, { messages: [{ put: { ...message, rev: 2 } }] }), "I3"],
  ];
  for (const [act, rule] of wrong) {
    const { told, message } = listed();
    act(told, message);
    flagged(told, rule);
  }
});

const EDITED = { body: "two", body_rev: 2, edited_at: new Date(START_MS).toISOString() };

test("[I16] a store that takes an older state of a message for the newer one", () => {
  const { told, message: first } = listed();
  const second = messageIn(told.commit(told.update(first, EDITED)));
  storeChange(told, { messages: [{ put: second }] });
  storeChange(told, { messages: [{ put: first }] }, second);
  storeChange(told, { messages: [{ cut: GROUP, from: 1, to: 9 }, { put: first }] });
  clean(told);
  storeChange(told, { messages: [{ put: second }] });
  storeChange(told, { messages: [{ put: first }] });
  flagged(told, "I16");
});

test("[I2] a list of channels that ends without one of them", () => {
  const told = begun();
  store(told, 2, {}, true);
  store(told, 2);
  flagged(told, "I2");
  const unread = begun();
  store(unread, 2, { channels: record(unread, 0) }, true);
  store(unread, 2);
  flagged(unread, "I2");
});

function pushing(told: Story, user = bob, seen_by: string[] = []): () => void {
  return told.checkers.witness.pushing({
    user_id: user,
    pos: 3,
    channel: GROUP,
    seq: 2,
    seen_by,
  });
}

function taken(told: Story, user = bob): void {
  pushing(told, user)();
}

const noted = (user = bob): Put => ({
  table: "pushes",
  key: [0, START_MS + 2000, user, 3],
  row: null,
});

function pushed(): Story {
  const told = begun();
  say(told, clientId());
  told.time.now = START_MS + 3000;
  return told;
}

test("[I14] a push is taken over once, by each user's own row", () => {
  const right = pushed();
  taken(right);
  taken(right, eve);
  right.commit([noted(), noted(eve)]);
  clean(right);
  taken(right);
  flagged(right, "I14");
  const twice = pushed();
  taken(twice);
  twice.checkers.witness.crashed("n1");
  taken(twice);
  clean(twice);
  taken(twice);
  flagged(twice, "I14");
  const late = pushed();
  const arrives = pushing(late);
  late.checkers.witness.crashed("n1");
  taken(late);
  late.commit([noted()]);
  arrives();
  clean(late);
  const down = pushed();
  down.checkers.witness.crashed("n1", "down");
  pushing(down);
  flagged(down, "I14");
  const nobody = begun();
  taken(nobody);
  flagged(nobody, "I14");
});

test("[I14] none for what was read or seen before, at least one for what was not", () => {
  const read = begun();
  say(read, clientId());
  read.commit(read.read(bob, 2));
  read.time.now = START_MS + 3000;
  taken(read);
  flagged(read, "I14");
  for (const late of [true, false]) {
    const deleted = begun();
    const { body: _, ...said } = say(deleted, clientId());
    deleted.time.now = START_MS + (late ? 2900 : 1000);
    const puts = deleted.update(said, { deleted_at: "x", body_rev: 2 });
    // Homes in other shards have not heard of it yet.
    deleted.commit(puts.filter(({ table }) => table === "messages"));
    deleted.time.now = START_MS + 3000;
    taken(deleted);
    if (late) clean(deleted);
    else flagged(deleted, "I14");
  }
  const dropped = pushed();
  dropped.commit([noted()]);
  flagged(dropped, "I14");
  const seen = begun();
  say(seen, clientId());
  look(seen);
  seen.commit([noted()]);
  clean(seen);
});

function hear(told: Story, frame: object, socket = 1): void {
  told.checkers.witness.heard(whoOf(bob), socket, JSON.stringify(frame));
}

/** Bob looks at the message and says so. */
function look(told: Story): void {
  hear(told, { type: "hello", id: 1 });
  hear(told, { type: "ack", pos: 3 });
}

/** Bob looks at the message; after what happens then he is pushed it all the same. */
function pushedInHand(happens: (witness: Witness) => void): Story {
  const told = begun();
  say(told, clientId());
  look(told);
  happens(told.checkers.witness);
  told.time.now = START_MS + 3000;
  taken(told);
  hear(told, { type: "ping" });
  return told;
}

/** Bob's device says something of the message; `seen_by` is what the push says of it then. */
function pushedAfter(says: (told: Story) => void, seen_by: string[]): Story {
  const told = begun();
  say(told, clientId());
  says(told);
  told.time.now = START_MS + 5000;
  pushing(told, bob, seen_by)();
  hear(told, { type: "ping" });
  return told;
}

/** It has it in the background. */
function behind(told: Story): void {
  hear(told, { type: "hello", id: 1, active: false });
  hear(told, { type: "ack", pos: 3 });
}

test("[I14] a push names the devices that have the message", () => {
  clean(pushedAfter(behind, [whoOf(bob).device_id]));
  flagged(pushedAfter(behind, []), "I14");
});

/** Another tab in the background greets while the one in the foreground is still there. */
function besideTab(told: Story): void {
  look(told);
  hear(told, { type: "hello", id: 1, active: false }, 2);
}

test("[I14] of one session the tab that greeted last says whether somebody looks", () => {
  clean(pushedAfter(besideTab, [whoOf(bob).device_id]));
  flagged(pushedAfter(besideTab, []), "I14");
});

test("[I14] what a device has told is forgotten with its server, and not with a store that fails", () => {
  flagged(
    pushedInHand(() => {}),
    "I14",
  );
  clean(pushedInHand(({ crashed }) => crashed("n1")));
  const failed = pushedInHand(({ crashed }) => {
    crashed("n1", "down");
    crashed("n1", "up");
  });
  flagged(failed, "I14");
});
