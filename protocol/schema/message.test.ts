import { expect, test } from "bun:test";
import * as v from "valibot";
import { EVENTS } from "../frames/events.ts";
import { EPHEMERAL, REPLIES } from "../frames/server.ts";
import { CLIENT_FRAMES } from "../frames/client.ts";
import { directChannel } from "../ids.ts";
import type { UserId } from "../ids.ts";
import { AccountSettingsPatchSchema, MeSchema, PatchMeSchema, ProfileSchema } from "./account.ts";
import { TimeInputSchema, TimeSchema } from "./basics.ts";
import { ChannelSchema } from "./channel.ts";
import { MessageSchema } from "./message.ts";

const ann = "1456074443980800001" as UserId;
const bob = "1456074443980800002" as UserId;
const channel = directChannel(ann, bob);
const at = "2026-01-01T00:00:00.000Z";
const place = {
  message_id: "1456074443980800003",
  channel,
  seq: 3,
  sender_id: ann,
  created_at: at,
  rev: 1,
  body_rev: 1,
};
const client_id = "019f65c5-e895-7123-8567-89abcdef0123";
const view = {
  id: channel,
  kind: "direct",
  created_at: at,
  members: [
    { user_id: ann, role: "member" },
    { user_id: bob, role: "member" },
  ],
  settings: { history: "from_join", invite: "members" },
  pins: [],
  visible_from: 1,
  head: 3,
  read: 1,
  unread: 2,
  unread_mentions: 0,
  pos: 9,
};

/** Accepted as it stands, nothing added and nothing dropped. */
function accepts(title: string, schema: v.GenericSchema, values: Record<string, object>): void {
  test.each(Object.entries(values))(`${title}: %s`, (_name, value) => {
    expect(v.parse(schema, value)).toEqual(value);
  });
}
function refuses(title: string, schema: v.GenericSchema, values: Record<string, object>): void {
  test.each(Object.entries(values))(`${title}: not %s`, (_name, value) => {
    expect(v.is(schema, value)).toBe(false);
  });
}

accepts("[P7] a message", MessageSchema, {
  text: { ...place, kind: "text", client_id, body: "hi" },
  "with all it may have": {
    ...place,
    kind: "text",
    client_id,
    body: "hi",
    reply_to: 1,
    mentions: ["all", bob],
    attachments: [{ id: "a", kind: "file", name: "n", content_type: "a/b", bytes: 0 }],
    reactions: { "👍": [ann, bob] },
    pinned: true,
  },
  system: { ...place, kind: "system", system: { event: "joined", by: ann, users: [bob] } },
});
refuses("[P7] a message", MessageSchema, {
  "without a seq": { ...place, seq: undefined, kind: "text" },
  "at seq 0": { ...place, seq: 0, kind: "text" },
  "of a system event that is a sentence": {
    ...place,
    kind: "system",
    system: { event: "Ann joined", by: ann },
  },
});

accepts("[P8] the state of a message", MessageSchema, {
  edited: { ...place, kind: "text", client_id, body: "b", rev: 2, body_rev: 2, edited_at: at },
  deleted: { ...place, kind: "text", client_id, rev: 2, body_rev: 2, deleted_at: at },
  long: { ...place, kind: "text", client_id, body: "preview", truncated: true, length: 100_000 },
  unavailable: { ...place, kind: "text", client_id, rev: 0, body_rev: 0, unavailable: true },
});

accepts("[P9] a channel", ChannelSchema, {
  direct: { ...view, peer_read: 2, peer_delivered: 3, blocked: false },
  group: { ...view, id: "g1456074443980800009", kind: "group", name: "Team", avatar: "m1" },
  "with all that is the member's own": {
    ...view,
    muted_until: at,
    pinned: true,
    draft: "…",
    cleared_to: 1,
    unread_mark: true,
  },
  "with its newest message": { ...view, last: { ...place, kind: "text", client_id, body: "hi" } },
});
refuses("[P9] a channel", ChannelSchema, {
  "of an id that is not canonical": { ...view, id: `d${bob}.${ann}` },
  "without the position it was read at": { ...view, pos: undefined },
});

const settings = {
  presence: "contacts",
  who_may_message: "everyone",
  receipts: true,
  push: { direct: "all", group: "mentions" },
  private_push: false,
};
accepts("[P25] an account", MeSchema, {
  plain: { user_id: ann, username: "ann", name: "Ann", created_at: at, settings },
});
accepts("[P25] a profile", ProfileSchema, {
  plain: { user_id: ann, username: "ann", name: "Ann", avatar: "m1", about: "" },
  "of a deleted account": { user_id: ann, username: "", name: "", deleted: true },
});
accepts("[P25] a change of an account", PatchMeSchema, {
  nothing: {},
  "the picture away": { avatar: null },
  "one level of push": { settings: { push: { group: "none" } } },
  "the password": { password: { old: "x", new: "12345678" } },
});
refuses("[P25] a change of an account", PatchMeSchema, {
  "an empty name": { name: "" },
  "a password of 7": { password: { old: "x", new: "1234567" } },
});
refuses("[P25] settings", AccountSettingsPatchSchema, {
  "an unknown audience": { presence: "me" },
});

test("[P17] a time with any offset leaves in UTC with milliseconds", () => {
  const read = (text: string): unknown => v.safeParse(TimeInputSchema, text).output;
  expect(read("2026-01-01T09:00:00+09:00")).toBe(at);
  expect(read("2026-01-01T00:00:00.000Z")).toBe(at);
  expect(read("2025-12-31T23:30:00.123456-00:30")).toBe("2026-01-01T00:00:00.123Z");
  for (const wrong of ["", "now", "2026-13-01T00:00:00Z", "1969-12-31T23:59:59Z", "2026-01-01"]) {
    expect(v.is(TimeInputSchema, wrong)).toBe(false);
  }
});

test("[P1] the server's times are RFC 3339 with a zone", () => {
  expect(v.is(TimeSchema, at)).toBe(true);
  expect(v.is(TimeSchema, "2026-01-01T00:00:00.000")).toBe(false);
  expect(v.is(TimeSchema, 1_767_225_600_000)).toBe(false);
});

/** The names of all fields of an object schema, however deep. */
function fieldNames(schema: unknown, seen: Set<unknown> = new Set()): string[] {
  if (typeof schema !== "object" || schema === null || seen.has(schema)) return [];
  seen.add(schema);
  const { entries } = schema as { entries?: object };
  const own = entries ? Object.keys(entries) : [];
  return [...own, ...Object.values(schema).flatMap((value) => fieldNames(value, seen))];
}

test("[P1] every field name of every frame is snake_case", () => {
  const names = fieldNames({ ...CLIENT_FRAMES, REPLIES, EVENTS, EPHEMERAL, MeSchema });
  expect(names.length).toBeGreaterThan(100);
  expect(names.filter((name) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name))).toEqual([]);
});
