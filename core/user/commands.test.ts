import { expect, test } from "bun:test";
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { LIMITS } from "@damso/protocol/limits";
import type { Message } from "@damso/protocol/schema/message";
import { applyEntry } from "./apply.ts";
import { decideHide, decideRead, decideSet } from "./commands.ts";
import { newOwn } from "./state.ts";
import type { Own } from "./state.ts";

const channel = "g1500000000000000001" as ChannelId;
const own = (over: Partial<Own> = {}): Own => ({
  ...newOwn({ seq: 3, visible_from: 3 }, 1),
  head: 10,
  ...over,
});
const entry = (decision: ReturnType<typeof decideRead>): unknown =>
  decision.ok ? decision.entry : decision.refusal.code;

test("[D11][P20][I20] what is hidden apart from each other has a bound; what lies beside it, or is hidden, is as before", () => {
  const { hidden_ranges_max } = LIMITS;
  const hidden = Array.from(
    { length: hidden_ranges_max },
    (_, n) => [10 * n + 1, 10 * n + 2] as const,
  );
  const full = own({ visible_from: 1, head: 10 * hidden_ranges_max + 9, hidden });
  const hide = (at: Own, seq: number): unknown =>
    entry(decideHide(at, channel, seq, { seq, kind: "text" } as Message, "1" as UserId));
  expect(hide(full, 16)).toBe("invalid");
  expect(hide(full, full.head)).toBe("invalid");
  for (const seq of [13, 20])
    expect(hide(full, seq)).toMatchObject({ kind: "message_hidden", seq });
  expect(hide(full, 1)).toBeUndefined();
  expect(hide({ ...full, hidden: hidden.slice(1) }, 16)).toMatchObject({ seq: 16 });
});

test("[D13] the read marker moves forward, not past the head, and not back", () => {
  expect(entry(decideRead(own(), channel, 7))).toEqual({ kind: "read", channel, seq: 7 });
  expect(entry(decideRead(own(), channel, 99))).toEqual({ kind: "read", channel, seq: 10 });
  expect(entry(decideRead(own({ read: 8 }), channel, 8))).toBeUndefined();
  expect(entry(decideRead(own({ read: 8, unread_mark: true }), channel, 1))).toEqual({
    kind: "read",
    channel,
    seq: 8,
  });
  expect(entry(decideRead(null, channel, 1))).toBe("not_member");
});

test("[D13][P17] what is absent stays, what is null is cleared, and times come back in one form", () => {
  const set = decideSet(own(), channel, {
    muted_until: "2026-11-23T21:00:00+09:00",
    cleared_to: 99,
  });
  expect(entry(set)).toEqual({
    kind: "channel_settings",
    channel,
    set: { muted_until: "2026-11-23T12:00:00.000Z", cleared_to: 10 },
  });
  expect(entry(decideSet(own(), channel, {}))).toBeUndefined();
  expect(entry(decideSet(own(), channel, { draft: "" }))).toMatchObject({ set: { draft: null } });
  const user = {
    channels: new Map([[channel, own({ pinned: true, draft: "half" })]]),
    dirty: new Set(),
  };
  applyEntry(user as never, 5, {
    kind: "channel_settings",
    channel,
    set: { draft: null },
    unread: 0,
    unread_mentions: 0,
  });
  expect(user.channels.get(channel)).toMatchObject({ pinned: true, draft: undefined });
});

test("[D11] only what the member can see is hidden, once; what counted before is skipped from now on", () => {
  const me = "1500000000000000001" as UserId;
  const message = { kind: "text", sender_id: "1500000000000000002" } as Message;
  const hide = (
    at: number,
    over: Partial<Own> = {},
    found: Message | undefined = message,
  ): unknown => entry(decideHide(own(over), channel, at, found, me));
  expect(hide(2)).toBe("not_found");
  expect(hide(11)).toBe("not_found");
  expect(entry(decideHide(own(), channel, 5, undefined, me))).toBe("not_found");
  expect(hide(5)).toEqual({ kind: "message_hidden", channel, seq: 5, skip: true });
  expect(hide(5, {}, { ...message, sender_id: me })).toEqual({
    kind: "message_hidden",
    channel,
    seq: 5,
  });
  expect(hide(5, { hidden: [[5, 5]] })).toBeUndefined();
});
