/** Gateways that the word of an end did not reach: what passes until they have asked, or can know of it, and no longer. */
import { test } from "bun:test";
import { ann, bob, clean, eve, FEED, flagged, GROUP, story, whoOf } from "./story.testing.ts";
import type { Story } from "./story.testing.ts";

const tell = (told: Story, user: typeof ann, frame: object): void =>
  told.checkers.witness.told(whoOf(user), 1, JSON.stringify(frame));
const hear = (told: Story, user: typeof ann, frame: object): void =>
  told.checkers.witness.heard(whoOf(user), 1, JSON.stringify(frame));

const feed = (head: number): object => ({ id: FEED, head });
const typing = { type: "typing", channel: GROUP, user_id: ann };

/** Eve left and the word may be lost on its way to her gateway. */
function goneInCluster(): { told: Story; later: (ms: number) => void; ask: Ask } {
  const told = story({ revoke_grace_ms: 8000, lossy: true });
  told.commit(told.create([ann, bob, eve]));
  const { witness } = told.checkers;
  witness.opened(whoOf(eve), 1, "n1#1");
  told.commit(told.leave(ann, eve));
  told.time.now += 10;
  const sessions = [{ ...whoOf(eve), active: true }];
  const ask: Ask = (kind) =>
    witness.asking("n1#1", { kind, user_id: eve, channel: GROUP, sessions } as never);
  return { told, later: (ms) => void (told.time.now += ms), ask };
}
type Ask = (kind: "exchange" | "view") => () => void;

test("[I18] in a cluster typing reaches who left until the gateway can know of it", () => {
  const silent = goneInCluster();
  tell(silent.told, eve, { type: "head", pos: silent.told.head(eve) });
  silent.later(8000);
  tell(silent.told, eve, typing);
  clean(silent.told);
  silent.later(2000);
  tell(silent.told, eve, typing);
  flagged(silent.told, "I18");

  const paged = goneInCluster();
  const left = { type: "channel_left", pos: 2, channel: GROUP, reason: "removed" };
  hear(paged.told, eve, { type: "sync", id: 1, feed: { id: FEED, pos: 2 } });
  tell(paged.told, eve, {
    type: "events",
    id: 1,
    feed: feed(3),
    more: false,
    events: [{ ...left, pos: 3 }],
  });
  clean(paged.told);
  tell(paged.told, eve, typing);
  flagged(paged.told, "I18");

  const asks = goneInCluster();
  asks.ask("exchange")();
  const viewed = asks.ask("view");
  asks.later(3000);
  tell(asks.told, eve, typing);
  clean(asks.told);
  viewed();
  asks.later(1500);
  tell(asks.told, eve, typing);
  flagged(asks.told, "I18");

  const asksNot = goneInCluster();
  asksNot.ask("exchange")();
  asksNot.later(1500);
  tell(asksNot.told, eve, typing);
  flagged(asksNot.told, "I18");
});

/** The home of bob has it for good that his session is over. */
const homeKnows = (told: Story): void =>
  void told.commit([
    {
      table: "users",
      key: [bob],
      row: { covered: 0, tail: 0, revoked: [whoOf(bob).session_id] },
    } as never,
  ]);
const exchange = (told: Story, node = "n1#1"): (() => void) =>
  told.checkers.witness.asking(node, {
    kind: "exchange",
    user_id: bob,
    gateway: "n1",
    sessions: [{ ...whoOf(bob), active: true }],
  } as never);

function revokedInCluster(): { told: Story; later: (ms: number) => void } {
  const told = story({ revoke_grace_ms: 62_000, lossy: true });
  told.checkers.witness.opened(whoOf(bob), 1, "n1#1");
  told.checkers.witness.revoked([whoOf(bob).session_id]);
  return { told, later: (ms) => void (told.time.now += ms) };
}

test("[I17] a gateway that is cut off serves a revoked session for its silence, and not longer", () => {
  const { told, later } = revokedInCluster();
  later(61_000);
  tell(told, bob, { type: "pong" });
  clean(told);
  later(2000);
  tell(told, bob, { type: "pong" });
  flagged(told, "I17");
});

test("[I17] a second after a gateway has asked the home, which knows of the end, the session is over there", () => {
  const asked = (prepare: (told: Story) => void, after = (_told: Story): void => {}): Story => {
    const { told, later } = revokedInCluster();
    later(10);
    prepare(told);
    later(10);
    const answered = exchange(told);
    after(told);
    later(3000);
    tell(told, bob, { type: "pong" });
    clean(told);
    answered();
    tell(told, bob, { type: "pong" });
    clean(told);
    later(1500);
    tell(told, bob, { type: "pong" });
    return told;
  };
  flagged(asked(homeKnows), "I17");
  clean(asked(() => {}));
  // It was asked before the home knew.
  clean(asked(() => {}, homeKnows));

  const elsewhere = revokedInCluster();
  homeKnows(elsewhere.told);
  elsewhere.later(10);
  exchange(elsewhere.told, "n2#1")();
  elsewhere.later(1500);
  tell(elsewhere.told, bob, { type: "pong" });
  clean(elsewhere.told);
});

test("[I17] a hello that comes after the end of its session is turned away", () => {
  const { told, later } = revokedInCluster();
  later(1);
  hear(told, bob, { type: "hello", id: 1 });
  tell(told, bob, { type: "error", id: 1, code: "unauthenticated", message: "" });
  clean(told);
  tell(told, bob, { type: "pong" });
  flagged(told, "I17");
});
