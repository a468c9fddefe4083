/** Random client frames that this version accepts, for property tests here and for the fuzzing of a live server. */
import fc from "fast-check";
import { directChannel, uuidV7 } from "../ids.ts";
import type { ChannelId, FeedId, UserId } from "../ids.ts";
import { LIMITS } from "../limits.ts";
import { isCleanText, withinBytes } from "../text.ts";
import type { ClientFrames, ClientFrameType } from "./client.ts";

type Arbitraries = { [K in ClientFrameType]: fc.Arbitrary<ClientFrames[K]> };

const ids = fc.maxSafeInteger();
const seqs = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const counts = fc.maxSafeNat();
const users = fc.bigInt({ min: 10n ** 18n, max: 2n ** 63n - 1n }).map((id) => `${id}` as UserId);
const channels = fc.oneof(
  fc.tuple(users, users).map(([a, b]) => directChannel(a, b)),
  users.map((id) => `g${id}` as ChannelId),
);
const client_ids = fc
  .tuple(fc.integer({ min: 0, max: 2 ** 48 - 1 }), fc.uint8Array({ minLength: 10, maxLength: 10 }))
  .map(([time, random]) => uuidV7(time, random));
const texts = (maxLength: number): fc.Arbitrary<string> =>
  fc.string({ unit: "binary", minLength: 1, maxLength }).filter(isCleanText);
const short = (max: number): fc.Arbitrary<string> => fc.oneof(fc.constant(""), texts(max));
const times = fc
  .integer({ min: 0, max: 253_402_300_799_999 })
  .map((time) => new Date(time).toISOString());
const feeds = fc.record({ id: short(32).map((id) => id as FeedId), pos: counts });
const mentions = fc.array(fc.oneof(fc.constant("all" as const), users), { maxLength: 5 });
const attachments = fc.array(
  fc.record(
    {
      id: short(64),
      kind: fc.constantFrom("image" as const, "video" as const, "audio" as const, "file" as const),
      name: short(255),
      content_type: short(127),
      bytes: counts,
      width: counts,
      thumbhash: short(64),
    },
    { requiredKeys: ["id", "kind", "name", "content_type", "bytes"] },
  ),
  { maxLength: 3 },
);
const drafts = short(500).filter((text) => withinBytes(text, LIMITS.draft_bytes_max));
const type = <const T extends string>(name: T): fc.Arbitrary<T> => fc.constant(name);
const on = fc.boolean();
const pages = fc.integer({ min: 1, max: 100 });
const orNull = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(values);
const optional = <const K extends string>(...requiredKeys: K[]): { requiredKeys: K[] } => ({
  requiredKeys,
});
const message = { id: ids, channel: channels, seq: seqs };

export const FRAME_ARBITRARIES: Arbitraries = {
  hello: fc.record(
    { type: type("hello"), id: ids, token: texts(50), client: short(128), feed: feeds, active: on },
    optional("type", "id"),
  ),
  send: fc.record(
    {
      type: type("send"),
      id: ids,
      channel: channels,
      client_id: client_ids,
      body: texts(300),
      reply_to: seqs,
      mentions,
      attachments,
    },
    optional("type", "id", "channel", "client_id", "body"),
  ),
  edit: fc.record(
    { type: type("edit"), ...message, body: texts(300), mentions, if_rev: counts },
    optional("type", "id", "channel", "seq", "body"),
  ),
  delete: fc.record({
    type: type("delete"),
    ...message,
    for: fc.constantFrom("all" as const, "me" as const),
  }),
  react: fc.record({ type: type("react"), ...message, emoji: texts(16), on }),
  pin: fc.record({ type: type("pin"), ...message, on }),
  read: fc.record({ type: type("read"), ...message }, optional("type", "channel", "seq")),
  set: fc.record(
    {
      type: type("set"),
      id: ids,
      channel: channels,
      muted_until: orNull(times),
      pinned: orNull(on),
      draft: orNull(drafts),
      cleared_to: orNull(seqs),
      unread_mark: orNull(on),
      push_level: orNull(fc.constantFrom("all", "mentions", "none")),
    },
    optional("type", "id", "channel"),
  ),
  ack: fc.record({ type: type("ack"), id: ids, pos: counts, active: on }, optional("type", "pos")),
  sync: fc.record(
    { type: type("sync"), id: ids, feed: feeds, limit: pages },
    optional("type", "id", "feed"),
  ),
  history: fc
    .tuple(
      fc.record({ type: type("history"), id: ids, channel: channels }),
      fc.constantFrom("before", "after", "around", undefined),
      seqs,
    )
    .map(([frame, position, seq]) => (position ? { ...frame, [position]: seq } : frame)),
  channels: fc.record(
    { type: type("channels"), id: ids, cursor: short(64), limit: pages },
    optional("type", "id"),
  ),
  open: fc.record({ type: type("open"), id: ids, channel: channels }, optional("type", "channel")),
  close: fc.record(
    { type: type("close"), id: ids, channel: channels },
    optional("type", "channel"),
  ),
  watch: fc.record(
    { type: type("watch"), id: ids, users: fc.array(users, { maxLength: 20 }) },
    optional("type", "users"),
  ),
  typing: fc.record(
    { type: type("typing"), id: ids, channel: channels },
    optional("type", "channel"),
  ),
  ping: fc.record({ type: type("ping"), id: ids, active: on }, optional("type")),
};

export const anyFrame: fc.Arbitrary<ClientFrames[ClientFrameType]> = fc.oneof(
  ...Object.values(FRAME_ARBITRARIES),
);
