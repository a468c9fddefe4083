/** A small history that is right in every row, told commit by commit; a test spoils one row of it. */
import { snowflakeTime } from "@damso/core/ids/snowflake";
import { expect } from "bun:test";
import type { Put, PutOf, TableName } from "@damso/core/tables";
import { directChannel, uuidTime, uuidV7 } from "@damso/protocol/ids";
import type { ChannelId, ClientId, FeedId, MessageId, Pos, Seq, UserId } from "@damso/protocol/ids";
import type { Channel, ChannelSettings } from "@damso/protocol/schema/channel";
import type { Message } from "@damso/protocol/schema/message";
import { groupId, userId } from "@damso/sdk/testing/records";
import type { CheckerOptions } from "./book.ts";
import { createCheckers } from "./checkers.ts";
import type { Checkers } from "./checkers.ts";
import type { Rule } from "./faults.ts";
import type { Who } from "./witness.ts";

export const START_MS = 1_767_225_600_000;
export const [ann, bob, eve]: [UserId, UserId, UserId] = [userId(1), userId(2), userId(3)];
export const GROUP: ChannelId = groupId(500);
export const FEED: FeedId = "f1" as FeedId;
const AT = "2026-01-01T00:00:00.000Z";

type Member = { from: Seq; visible_from: Seq; read: Seq; unread: Set<Seq>; mentions: Set<Seq> };
type Place = { head: Seq; members: Map<UserId, Member>; settings: ChannelSettings; row: object };

export type Story = {
  checkers: Checkers;
  time: { now: number };
  /** Takes the puts as a commit and answers them. */
  commit(puts: Put[]): Put[];
  create(members: UserId[]): Put[];
  send(from: UserId, body: string, more?: Partial<Message>): Put[];
  first(from: UserId, to: UserId, body: string): Put[];
  join(by: UserId, who: UserId): Put[];
  leave(by: UserId, who: UserId): Put[];
  read(user: UserId, seq: Seq): Put[];
  update(message: Message, parts: Partial<Message>): Put[];
  entry(user: UserId, row: object): Put;
  channelRow(parts?: object): Put;
  head(user: UserId): Pos;
};

let serial = 0;

export function clientId(): ClientId {
  const random = new Uint8Array(10);
  new DataView(random.buffer).setUint32(4, ++serial);
  return uuidV7(START_MS, random);
}

export function story(options: Partial<CheckerOptions> = {}): Story {
  const time = { now: START_MS };
  const checkers = createCheckers({ now: () => time.now, ...options });
  const heads = new Map<UserId, Pos>();
  const settings: ChannelSettings = { history: "from_join", invite: "members" };
  const group: Place = { head: 0, members: new Map(), settings, row: {} };

  function entry(user: UserId, row: object): Put {
    const pos = (heads.get(user) ?? 0) + 1;
    heads.set(user, pos);
    return { table: "feed", key: [user, pos], row: row as PutOf<"feed">["row"] };
  }
  const counts = (member: Member): object => ({
    unread: member.unread.size,
    unread_mentions: member.mentions.size,
  });

  function message(parts: Partial<Message> & { sender_id: UserId }): Message {
    const seq = ++group.head;
    const message_id = String(4_000_000_000_000_001_000n + BigInt(++serial)) as MessageId;
    const created_at = new Date(snowflakeTime(message_id)).toISOString();
    const fixed = { message_id, channel: GROUP, seq, created_at, rev: 1, body_rev: 1 } as const;
    return { kind: "text", ...fixed, ...parts };
  }

  function tell(row: Message): Put[] {
    return [...group.members].map(([user, member]) => {
      const skip = row.kind === "system" || row.sender_id === user;
      const mention = !skip && row.mentions?.includes(user) === true;
      if (!skip) member.unread.add(row.seq);
      if (mention) member.mentions.add(row.seq);
      const flags = { ...(skip && { skip }), ...(mention && { mention }) };
      return entry(user, {
        kind: "message",
        channel: GROUP,
        seq: row.seq,
        ...flags,
        ...counts(member),
      });
    });
  }

  function channelRow(parts: object = {}): Put {
    const members = [...group.members].map(([user_id, { from, visible_from }]) => ({
      user_id,
      role: user_id === ann ? ("owner" as const) : ("member" as const),
      joined_at_seq: from,
      visible_from,
    }));
    const fixed = {
      kind: "group",
      created_at: AT,
      created_by: ann,
      blocked_by: [],
      pins: [],
    } as const;
    const row = { ...fixed, settings, members, ...parts } as unknown as PutOf<"channels">["row"];
    return { table: "channels", key: [GROUP], row };
  }

  function joined(users: UserId[], seq: Seq): Put[] {
    for (const user of users) {
      const visible_from = settings.history === "all" ? 1 : seq;
      const member = {
        from: seq,
        visible_from,
        read: seq,
        unread: new Set<Seq>(),
        mentions: new Set<Seq>(),
      };
      group.members.set(user, member);
    }
    return users.map((user) => {
      const visible_from = group.members.get(user)?.visible_from ?? 1;
      return entry(user, { kind: "channel", channel: GROUP, joined: { seq, visible_from } });
    });
  }

  const put = (row: Message): Put => ({ table: "messages", key: [row.channel, row.seq], row });

  return {
    checkers,
    time,
    commit(puts) {
      checkers.witness.committed(0, puts);
      return puts;
    },
    create(members) {
      const row = message({
        kind: "system",
        sender_id: ann,
        system: { event: "created", by: ann, users: members },
      });
      const entries = joined(members, row.seq);
      return [put(row), channelRow(), ...entries, ...tell(row)];
    },
    send(from, body, more = {}) {
      const row = message({ sender_id: from, client_id: clientId(), body, ...more });
      return [put(row), sendsRow(row), ...tell(row)];
    },
    first(from, to, body) {
      const channel = directChannel(from, to);
      const row: Message = {
        ...message({ sender_id: from, client_id: clientId(), body }),
        channel,
        seq: 1,
      };
      group.head--;
      const users = from < to ? [from, to] : [to, from];
      const members = users.map((user_id) => ({
        user_id,
        role: "member" as const,
        joined_at_seq: 1,
        visible_from: 1,
      }));
      const own: Put = channelRow({ kind: "direct", created_by: from, members });
      const unread = (user: UserId): object =>
        user === from ? { skip: true, unread: 0 } : { unread: 1 };
      return [
        put(row),
        sendsRow(row),
        { ...own, key: [channel] } as Put,
        ...users.map((user) =>
          entry(user, { kind: "channel", channel, joined: { seq: 0, visible_from: 1 } }),
        ),
        ...users.map((user) =>
          entry(user, { kind: "message", channel, seq: 1, ...unread(user), unread_mentions: 0 }),
        ),
      ];
    },
    join(by, who) {
      const system = { event: "joined", by, users: [who] } as const;
      const row = message({ kind: "system", sender_id: by, system: { ...system, users: [who] } });
      const entries = joined([who], row.seq);
      return [put(row), channelRow(), ...entries, ...tell(row)];
    },
    leave(by, who) {
      const event = by === who ? "left" : "removed";
      const row = message({ kind: "system", sender_id: by, system: { event, by, users: [who] } });
      group.members.delete(who);
      const left = entry(who, { kind: "channel_left", channel: GROUP, reason: event });
      return [put(row), channelRow(), left, ...tell(row)];
    },
    read(user, seq) {
      const member = group.members.get(user);
      if (!member) throw new Error(`${user} is not in it`);
      for (const set of [member.unread, member.mentions])
        for (const at of set) if (at <= seq) set.delete(at);
      return [entry(user, { kind: "read", channel: GROUP, seq, ...counts(member) })];
    },
    update(was, parts) {
      const row: Message = { ...was, rev: was.rev + 1, ...parts };
      const viewers = [...group.members].filter(([, { visible_from }]) => visible_from <= row.seq);
      const entries = viewers.map(([user, member]) => {
        const skip = row.deleted_at !== undefined && row.sender_id !== user;
        if (skip) member.unread.delete(row.seq);
        const flags = skip ? { skip } : {};
        return entry(user, {
          kind: "message_updated",
          channel: GROUP,
          seq: row.seq,
          ...flags,
          ...counts(member),
        });
      });
      return [put(row), ...entries];
    },
    entry,
    channelRow,
    head: (user) => heads.get(user) ?? 0,
  };
}

function sendsRow({ channel, sender_id, client_id = clientId(), seq }: Message): Put {
  const at = new Date(uuidTime(client_id));
  const month = (at.getUTCFullYear() - 1970) * 12 + at.getUTCMonth();
  return { table: "sends", key: [channel, month, sender_id, client_id], row: { seq } };
}

/** The puts with the rows of one table changed; `null` leaves a put out. */
export function spoil<T extends TableName>(
  puts: Put[],
  table: T,
  change: (put: PutOf<T>) => PutOf<T> | null,
): Put[] {
  return puts.flatMap((put) => {
    if (put.table !== table) return [put];
    const changed = change(put as unknown as PutOf<T>);
    return changed ? [changed as unknown as Put] : [];
  });
}

/** The puts with some fields of the rows of one table changed. */
export function alter<T extends TableName>(puts: Put[], table: T, parts: object): Put[] {
  return spoil(puts, table, (put) => ({
    ...put,
    row: { ...(put.row as object), ...parts } as never,
  }));
}

export function messageIn(puts: readonly Put[]): Message {
  const put = puts.find(({ table }) => table === "messages");
  if (!put?.row) throw new Error("no message in these puts");
  return put.row as Message;
}

export function whoOf(user_id: UserId, n = 1): Who {
  const device = `${user_id}d${n}`;
  return { device, user_id, device_id: device, session_id: `${user_id}s${n}` as never };
}

export function clean(told: Story): void {
  expect(told.checkers.faults()).toEqual([]);
}

/** The rules that are broken, each once. */
export function broken(told: Story): Rule[] {
  return [...new Set(told.checkers.faults().map(({ rule }) => rule))].sort();
}

export function flagged(told: Story, rule: Rule): void {
  expect(broken(told)).toContain(rule);
}

/** The group as one member is shown it. */
export function view(told: Story, user_id: UserId, parts: Partial<Channel>): Channel {
  return {
    id: GROUP,
    kind: "group",
    created_at: AT,
    members: [],
    settings: { history: "from_join", invite: "members" },
    pins: [],
    visible_from: 1,
    head: 1,
    read: 1,
    unread: 0,
    unread_mentions: 0,
    pos: told.head(user_id),
    ...parts,
  };
}
