/** What devices are told and say: right frames pass, each wrong one is flagged under its rule. */
import { expect, test } from "bun:test";
import type { Put } from "@damso/core/tables";
import type { ClientId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
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

function begun(): { told: Story; puts: Put[]; message: Message } {
  const told = story();
  told.commit(told.create([ann, bob, eve]));
  const puts = told.commit(told.send(ann, "hello"));
  return { told, puts, message: messageIn(puts) };
}

const tell = (told: Story, user: typeof ann, frame: object, socket = 1): void =>
  told.checkers.witness.told(whoOf(user), socket, JSON.stringify(frame));
const hear = (told: Story, user: typeof ann, frame: object, socket = 1): void =>
  told.checkers.witness.heard(whoOf(user), socket, JSON.stringify(frame));

const live = (message: Message, pos: number, unread = 1): object => ({
  type: "message",
  pos,
  channel: GROUP,
  message,
  unread,
  unread_mentions: 0,
});
const feed = (head: number): object => ({ id: FEED, head });

function hello(told: Story, user: typeof ann, pos: number): void {
  hear(told, user, { type: "hello", id: 1, feed: { id: FEED, pos } });
}

test("[I3][I11] an event is what its row and its message say", () => {
  const { told, message } = begun();
  tell(told, bob, live(message, 3));
  clean(told);
  const wrong: [object, "I3" | "I11"][] = [
    [live(message, 4), "I3"],
    [live(message, 3, 2), "I3"],
    [live({ ...message, rev: 2 }, 3), "I3"],
    [live({ ...message, sender_id: eve }, 3), "I3"],
    [live({ ...message, body: "other" }, 3), "I11"],
    [
      { type: "message_hidden", pos: 3, channel: GROUP, seq: 2, unread: 1, unread_mentions: 0 },
      "I3",
    ],
    [{ type: "head", pos: 9 }, "I3"],
  ];
  for (const [frame, rule] of wrong) {
    const one = begun();
    tell(one.told, bob, {
      ...frame,
      ...("message" in frame && {
        message: {
          ...(frame.message as Message),
          message_id: one.message.message_id,
          client_id: one.message.client_id,
        },
      }),
    });
    flagged(one.told, rule);
  }
});

test("[I6] live events come in the order of their positions", () => {
  const { told, message } = begun();
  tell(told, bob, live(message, 3));
  tell(told, bob, live(message, 3));
  flagged(told, "I6");
});

test("[I12] a page goes on where it was asked, and says whether more is there", () => {
  const right = begun();
  hello(right.told, bob, 2);
  tell(right.told, bob, {
    type: "welcome",
    id: 1,
    feed: feed(3),
    more: false,
    events: [live(right.message, 3)],
  });
  clean(right.told);
  const pages: ((message: Message) => object)[] = [
    () => ({ feed: feed(3), more: false, events: [] }),
    (message) => ({ feed: feed(3), more: true, events: [live(message, 3)] }),
    () => ({ feed: feed(2), more: true, events: [] }),
  ];
  for (const page of pages) {
    const { told, message } = begun();
    hello(told, bob, 2);
    tell(told, bob, { type: "welcome", id: 1, ...page(message) });
    flagged(told, "I12");
  }
  const stale = begun();
  tell(stale.told, bob, live(stale.message, 3));
  hello(stale.told, bob, 2);
  tell(stale.told, bob, { type: "welcome", id: 1, feed: feed(2), more: false, events: [] });
  flagged(stale.told, "I12");
});

test("[I2] a reset is told when it is due, and only then", () => {
  const asked = (pos: number, page: object): Story => {
    const { told } = begun();
    hello(told, bob, pos);
    tell(told, bob, { type: "welcome", id: 1, feed: feed(3), more: false, events: [], ...page });
    return told;
  };
  clean(asked(9, { reset: true }));
  flagged(asked(9, {}), "I2");
  flagged(asked(3, { reset: true }), "I2");
  flagged(asked(3, { feed: { id: "f2", head: 3 } }), "I2");
  const restored = begun();
  hello(restored.told, bob, 3);
  tell(restored.told, bob, { type: "welcome", id: 1, feed: feed(3), more: false, events: [] });
  restored.told.checkers.witness.restored([]);
  hello(restored.told, bob, 3);
  tell(restored.told, bob, {
    type: "welcome",
    id: 1,
    feed: feed(0),
    more: false,
    events: [],
    reset: true,
  });
  flagged(restored.told, "I2");
});

function sent(told: Story, message: Message, parts: object = {}): void {
  const { client_id, seq, message_id, created_at } = message;
  hear(told, ann, { type: "send", id: 5, channel: GROUP, client_id, body: "hello" });
  tell(told, ann, {
    type: "sent",
    id: 5,
    channel: GROUP,
    client_id,
    seq,
    message_id,
    created_at,
    ...parts,
  });
}

test("[I4][I22] an acknowledgement names what is committed", () => {
  const right = begun();
  sent(right.told, right.message);
  clean(right.told);
  const other = begun();
  sent(other.told, other.message, { seq: 1 });
  flagged(other.told, "I4");
  const early = begun();
  sent(early.told, early.message, { client_id: clientId() });
  flagged(early.told, "I22");
});

function tried(told: Story, code: string | undefined, client_id: ClientId): void {
  hear(told, ann, { type: "send", id: 7, channel: GROUP, client_id, body: "x" });
  if (code) tell(told, ann, { type: "error", id: 7, code, message: "" });
}

test("[I22] what was refused never appears, unless it was tried again", () => {
  for (const code of ["not_member", "busy"]) {
    const { told } = begun();
    const client_id = clientId();
    tried(told, code, client_id);
    told.commit(told.send(ann, "x", { client_id }));
    flagged(told, "I22");
  }
  for (const codes of [["busy", undefined], ["unavailable"], ["unavailable", "busy"]]) {
    const { told } = begun();
    const client_id = clientId();
    for (const code of codes) tried(told, code, client_id);
    told.commit(told.send(ann, "x", { client_id }));
    clean(told);
  }
  const late = begun();
  tried(late.told, "blocked", late.message.client_id ?? clientId());
  flagged(late.told, "I22");
});

test("[I9] nothing out of sight is shown: to strangers, from before the join, after hiding and leaving", () => {
  const stranger = begun();
  stranger.told.commit(stranger.told.leave(ann, eve));
  stranger.told.commit(stranger.told.join(ann, eve));
  const head = stranger.told.head(eve);
  hear(stranger.told, eve, { type: "hello", id: 1, feed: { id: FEED, pos: head } });
  tell(stranger.told, eve, { type: "welcome", id: 1, feed: feed(head), more: false, events: [] });
  history(stranger.told, eve, [stranger.message], 4);
  flagged(stranger.told, "I9");

  const hidden = begun();
  hidden.told.commit([
    hidden.told.entry(bob, {
      kind: "message_hidden",
      channel: GROUP,
      seq: 2,
      unread: 0,
      unread_mentions: 0,
      skip: true,
    }),
  ]);
  hello(hidden.told, bob, 2);
  tell(hidden.told, bob, {
    type: "welcome",
    id: 1,
    feed: feed(4),
    more: true,
    events: [live(hidden.message, 3)],
  });
  flagged(hidden.told, "I9");

  const place = begun();
  const { body: _, ...rest } = place.message;
  tell(place.told, bob, live({ ...place.message, unavailable: true, rev: 0, body_rev: 0 }, 3));
  flagged(place.told, "I9");
  const concealed = begun();
  tell(
    concealed.told,
    bob,
    live({ ...rest, ...identity(concealed.message), unavailable: true, rev: 0, body_rev: 0 }, 3),
  );
  flagged(concealed.told, "I12");
});

const identity = ({ message_id, client_id }: Message): Partial<Message> => ({
  message_id,
  ...(client_id && { client_id }),
});

function history(
  told: Story,
  user: typeof ann,
  messages: Message[],
  head: number,
  parts: object = {},
): void {
  hear(told, user, { type: "history", id: 9, channel: GROUP });
  const ends = { head, more_before: false, more_after: false };
  tell(told, user, { type: "messages", id: 9, channel: GROUP, messages, ...ends, ...parts });
}

test("[I3][I12][I16] a page of history is dense, whole, committed and of now", () => {
  const first = begun();
  const system = { ...first.message };
  history(first.told, bob, [system], 2, { more_before: true });
  clean(first.told);
  const cases: [object, "I3" | "I12"][] = [
    [{ head: 3 }, "I3"],
    [{ head: 3, more_after: true }, "I3"],
    [{ more_before: false }, "I12"],
    [{ messages: [] }, "I12"],
  ];
  for (const [parts, rule] of cases) {
    const { told, message } = begun();
    history(told, bob, [message], 2, { more_before: true, ...parts });
    flagged(told, rule);
  }
  const { told, message } = begun();
  const edited = told.commit(told.update(message, { body: "new", body_rev: 2, edited_at: "x" }));
  tell(told, bob, { ...live(messageIn(edited), 4), type: "message_updated" });
  clean(told);
  history(told, bob, [message], 2, { more_before: true });
  flagged(told, "I16");
});

test("[I15][I18] a channel is shown to its members, with their own state", () => {
  const list = (parts: object, user = bob): Story => {
    const { told } = begun();
    told.commit(told.leave(ann, eve));
    tell(told, eve, {
      type: "channel_left",
      pos: told.head(eve),
      channel: GROUP,
      reason: "removed",
    });
    hear(told, user, { type: "channels", id: 3 });
    const channel = view(told, user, { head: 3, unread: 1, ...parts });
    tell(told, user, { type: "channel_list", id: 3, channels: [channel] });
    return told;
  };
  clean(list({}));
  flagged(list({ unread: 2 }), "I15");
  flagged(list({ head: 9 }), "I3");
  flagged(list({ visible_from: 5, pins: [2] }), "I9");
  flagged(list({}, eve), "I18");
});

test("[I18] typing and receipts reach members only", () => {
  const { told } = begun();
  tell(told, bob, { type: "typing", channel: GROUP, user_id: ann });
  tell(told, bob, { type: "receipt", channel: GROUP, user_id: ann, read: 1, delivered: 2 });
  clean(told);
  told.commit(told.leave(ann, eve));
  tell(told, eve, { type: "channel_left", pos: told.head(eve), channel: GROUP, reason: "removed" });
  tell(told, eve, { type: "typing", channel: GROUP, user_id: ann });
  flagged(told, "I18");
  const early = begun();
  tell(early.told, bob, { type: "receipt", channel: GROUP, user_id: ann, read: 2, delivered: 2 });
  flagged(early.told, "I3");
});

test("[I17] a revoked session is told nothing and sends nothing a second later", () => {
  const { told, message } = begun();
  told.checkers.witness.revoked([whoOf(bob).session_id]);
  tell(told, bob, live(message, 3));
  clean(told);
  told.time.now = START_MS + 1500;
  tell(told, bob, { type: "pong" });
  flagged(told, "I17");
  const sender = begun();
  sender.told.checkers.witness.revoked([whoOf(ann).session_id]);
  sender.told.time.now = START_MS + 1500;
  const client_id = clientId();
  tried(sender.told, undefined, client_id);
  sender.told.commit(sender.told.send(ann, "x", { client_id }));
  flagged(sender.told, "I17");
});

test("[I20] what waits in a socket is bounded", () => {
  const { told } = begun();
  told.checkers.witness.waiting(whoOf(bob), 1, 1_000_000);
  clean(told);
  told.checkers.witness.waiting(whoOf(bob), 1, 100_000_000);
  flagged(told, "I20");
  const slow = begun();
  slow.told.checkers.witness.waiting(whoOf(bob), 1, 300_000);
  tell(slow.told, bob, live(slow.message, 3));
  flagged(slow.told, "I20");
});

test("[I21] an event may be left out only when a head tells of it", () => {
  const later = (frames: object[], failed = false): Story => {
    const { told, message } = begun();
    const second = messageIn(told.commit(told.send(ann, "second")));
    const third = messageIn(told.commit(told.send(ann, "third")));
    tell(told, bob, live(message, 3));
    if (failed) told.checkers.witness.crashed("n1");
    expect(second.seq).toBe(3);
    for (const frame of frames) tell(told, bob, frame);
    tell(told, bob, live(third, 5, 3));
    return told;
  };
  flagged(later([]), "I21");
  clean(later([{ type: "head", pos: 4 }]));
  // A store that failed may have brought back what nobody was told of.
  clean(later([], true));
});
