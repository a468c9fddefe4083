import { expect, test } from "bun:test";
import { LIMITS } from "@damso/protocol/limits";
import type { Message } from "@damso/protocol/schema/message";
import { decideDelete, decideEdit, decidePin, decideReact } from "./change.ts";
import {
  ann,
  bob,
  codeOf,
  direct,
  eve,
  group,
  messageOf,
  must,
  NOW,
  told,
} from "./scene.testing.ts";

const channel = group([ann, bob, eve]);
const message = messageOf(channel, ann);
const at = { channel: channel.id, seq: 5 };
const written = (decision: Parameters<typeof must>[0]): Message =>
  must(decision).puts.find(({ table }) => table === "messages")?.row as Message;

function check(title: string, expected: string, run: () => string): void {
  test(title, () => expect(run()).toBe(expected));
}

const edit = { ...at, user_id: ann, body: "second" };
check("[D11] only the sender edits", "forbidden", () =>
  codeOf(decideEdit(channel, { ...edit, user_id: bob }, message, NOW)),
);
check("[D11] an edit of a state that is not current", "conflict", () =>
  codeOf(decideEdit(channel, { ...edit, if_rev: 2 }, message, NOW)),
);
check("[D11] an edit of a message that is not there", "not_found", () =>
  codeOf(decideEdit(channel, edit, undefined, NOW)),
);
check("[D11] a system message does not change", "forbidden", () =>
  codeOf(decideEdit(channel, edit, { ...message, kind: "system" }, NOW)),
);
check("[D11] a deleted message does not change", "not_found", () =>
  codeOf(decideEdit(channel, edit, { ...message, deleted_at: NOW }, NOW)),
);
check("[D11] a member does not delete for all what others wrote", "forbidden", () =>
  codeOf(decideDelete(channel, { ...at, user_id: eve }, message, NOW)),
);
check("[D11] an admin does", "ok", () =>
  codeOf(decideDelete(channel, { ...at, user_id: bob }, message, NOW)),
);

for (const [what, run] of [
  ["edit", () => decideEdit(direct({ blocked_by: [bob], head: 9 }), edit, message, NOW)],
  [
    "react",
    () =>
      decideReact(
        direct({ blocked_by: [bob], head: 9 }),
        { ...at, user_id: ann, emoji: "x", on: true },
        message,
      ),
  ],
  [
    "pin",
    () =>
      decidePin(direct({ blocked_by: [bob], head: 9 }), { ...at, user_id: ann, on: true }, message),
  ],
] as const) {
  check(`[D8][I19] a block refuses to ${what}`, "blocked", () => codeOf(run()));
}

test("[D10][I16] an edit raises rev and body_rev, keeps the place, and tells all who may see it", () => {
  const decision = decideEdit(channel, { ...edit, if_rev: 1 }, message, NOW);
  expect(written(decision)).toEqual({
    ...message,
    body: "second",
    rev: 2,
    body_rev: 2,
    edited_at: NOW,
  });
  expect(told(decision)).toEqual(["updated:ann,bob,eve"]);
});

test("[D6][I9] a change is not told to who joined after the message", () => {
  const members = new Map(channel.members).set(eve, {
    role: "member",
    joined_at_seq: 8,
    visible_from: 8,
  });
  expect(told(decideEdit({ ...channel, members }, edit, message, NOW))).toEqual([
    "updated:ann,bob",
  ]);
  const theirs = { ...at, user_id: eve, emoji: "x", on: true };
  expect(codeOf(decideReact({ ...channel, members }, theirs, message))).toBe("not_found");
});

test("[I16] delete for all takes body, mentions, attachments, reactions and pin away, and the long body's row", () => {
  const full = {
    ...message,
    truncated: true,
    length: 9000,
    mentions: [bob],
    reactions: { x: [bob] },
    pinned: true,
  };
  const decision = must(
    decideDelete({ ...channel, pins: [5] }, { ...at, user_id: ann }, full, NOW),
  );
  const { body: _body, ...bare } = message;
  expect(written(decision)).toEqual({ ...bare, rev: 2, body_rev: 2, deleted_at: NOW });
  expect(decision.puts.find(({ table }) => table === "bodies")?.row).toBeNull();
  expect(decision.channel?.pins).toEqual([]);
});

test("[S5][D10] an edit from long to short removes the long body, and from short to long adds it", () => {
  const short = must(decideEdit(channel, edit, { ...message, truncated: true, length: 9000 }, NOW));
  expect(short.puts.find(({ table }) => table === "bodies")?.row).toBeNull();
  expect(written(short).truncated).toBeUndefined();
  const long = must(decideEdit(channel, { ...edit, body: "x".repeat(5000) }, message, NOW));
  expect(long.puts.find(({ table }) => table === "bodies")?.row).toEqual({
    body: "x".repeat(5000),
  });
  expect(written(long).length).toBe(5000);
});

test("[D21] a reaction is on or off per user and emoji; again changes nothing", () => {
  const on = { ...at, user_id: bob, emoji: "👍", on: true };
  const first = written(decideReact(channel, on, message));
  expect([first.reactions, first.rev, first.body_rev]).toEqual([{ "👍": [bob] }, 2, 1]);
  const again = must(decideReact(channel, on, first));
  expect([again.reply.rev, again.puts]).toEqual([2, []]);
  const off = written(decideReact(channel, { ...on, on: false }, first));
  expect([off.reactions, off.rev]).toEqual([undefined, 3]);
});

test("[I20][D9] a message has a bound of different reactions", () => {
  const names = Array.from({ length: LIMITS.reactions_per_message_max }, (_, n) => [
    `e${n}`,
    [ann],
  ]);
  const full = {
    ...message,
    reactions: Object.fromEntries(names) as Message["reactions"] & object,
  };
  expect(codeOf(decideReact(channel, { ...at, user_id: bob, emoji: "new", on: true }, full))).toBe(
    "invalid",
  );
  expect(codeOf(decideReact(channel, { ...at, user_id: bob, emoji: "e0", on: true }, full))).toBe(
    "ok",
  );
});

test("[D21] a pin stands on the message and in the channel; again changes nothing", () => {
  const decision = must(decidePin(channel, { ...at, user_id: eve, on: true }, message));
  expect([written(decision).pinned, decision.channel?.pins]).toEqual([true, [5]]);
  expect(told(decision)).toEqual(["updated:ann,bob,eve", "changed:ann,bob,eve"]);
  const again = decidePin({ ...channel, pins: [5] }, { ...at, user_id: eve, on: true }, message);
  expect(must(again).puts).toEqual([]);
});

test("[D10] a change of the newest message is the channel's newest too", () => {
  const head = { ...message, seq: 10 };
  const decision = must(decideEdit({ ...channel, last: head }, { ...edit, seq: 10 }, head, NOW));
  expect(decision.channel?.last?.body).toBe("second");
});
