/** A small run in which everything went well: the tests plant one fault each in a copy of it. */
import type {
  Channel,
  ChannelId,
  ClientId,
  Message,
  MessageId,
  Seq,
  UserId,
} from "@damso/protocol";
import { directChannel } from "@damso/protocol/ids";
import type { DeviceRecord, Entry, Evidence, Reading, Send } from "./evidence.ts";

const id = (n: number): string => String(4_000_000_000_000_000_000n + BigInt(n));
export const ann = id(1) as UserId;
export const bob = id(2) as UserId;
/** Joins at seq 4. */
export const cho = id(3) as UserId;
/** Leaves at seq 6. */
export const dan = id(4) as UserId;
export const group = `g${id(9)}` as ChannelId;
export const direct: ChannelId = directChannel(ann, bob);

const at = "2026-01-01T00:00:00.000Z";
const long = "가".repeat(100_000);
const clientId = (n: number): ClientId =>
  `019f65c5-e895-7123-8567-${String(n).padStart(12, "0")}` as ClientId;

function message(channel: ChannelId, seq: Seq, parts: Partial<Message>): Message {
  const n = (channel === group ? 100 : 200) + seq;
  const place = { message_id: id(n) as MessageId, channel, seq, created_at: at };
  const text = {
    kind: "text" as const,
    client_id: clientId(n),
    sender_id: ann,
    rev: 1,
    body_rev: 1,
  };
  return { ...place, ...text, ...parts };
}

function system(seq: Seq, event: "created" | "joined" | "left", users: UserId[]): Message {
  const { client_id: _, ...rest } = message(group, seq, { kind: "system" });
  return { ...rest, system: { event, by: users[0] ?? ann, users } };
}

const messages: Message[] = [
  system(1, "created", [ann, bob, dan]),
  message(group, 2, { body: "one" }),
  message(group, 3, { sender_id: bob, body: "two, better", reply_to: 2, rev: 2, body_rev: 2 }),
  system(4, "joined", [cho]),
  message(group, 5, { sender_id: cho, body: "셋", mentions: [ann] }),
  system(6, "left", [dan]),
  message(group, 7, { body: long.slice(0, 1000), truncated: true, length: 100_000 }),
  message(group, 8, { sender_id: bob, rev: 2, body_rev: 2, deleted_at: at }),
];
const words: Message[] = [
  message(direct, 1, { body: "hi" }),
  message(direct, 2, { sender_id: bob, body: "hello" }),
];

/** What each of the people may see of the group. */
const visible: Record<UserId, [from: Seq, to: Seq]> = {
  [ann]: [1, 8],
  [bob]: [1, 8],
  [cho]: [4, 8],
  [dan]: [1, 5],
};

const sentBodies = new Map([
  ["two, better", "two"],
  [long.slice(0, 1000), long],
]);

function send(message: Message, order: number): Send {
  const { channel, seq, message_id, created_at, sender_id, client_id, body = "gone" } = message;
  const sent = { seq, message_id, created_at };
  return {
    device: sender_id === ann ? "Ann's phone" : sender_id === bob ? "Bob's phone" : "Cho's phone",
    user_id: sender_id,
    channel,
    client_id: client_id ?? clientId(0),
    body: sentBodies.get(body) ?? body,
    order,
    seen: seq - 1,
    transmitted: seq === 2 ? 2 : 1,
    answers: [sent],
    sent,
    ...(message.reply_to !== undefined && { reply_to: message.reply_to }),
  };
}

function pagesOf(user_id: UserId): Map<ChannelId, Message[]> {
  const pages = new Map<ChannelId, Message[]>();
  const [from, to] = visible[user_id] ?? [1, 0];
  if (to === 8) pages.set(group, messages.slice(from - 1, to));
  if (user_id === ann || user_id === bob) pages.set(direct, words);
  return pages;
}

function feedOf(user_id: UserId): Entry[] {
  const [from, to] = visible[user_id] ?? [1, 0];
  const told = messages.slice(from - 1, to);
  if (user_id === ann || user_id === bob) told.push(...words);
  const entries: Omit<Entry, "pos">[] = told.flatMap(({ channel, seq }) => {
    const entry = { type: "message", channel, seq };
    const begins = (channel === group && seq === from) || (channel === direct && seq === 1);
    return begins ? [{ type: "channel", channel }, entry] : [entry];
  });
  if (user_id === dan) entries.push({ type: "channel_left", channel: group });
  return entries.map((entry, i) => ({ pos: i + 1, ...entry }));
}

/** Ann has read the group up to 2, the others nothing; Bob has read the direct chat. */
function channelsOf(user_id: UserId): Channel[] {
  const [from] = visible[user_id] ?? [1];
  return [...pagesOf(user_id)].map(([channel, page]) => {
    const read = channel === direct && user_id === bob ? 2 : user_id === ann ? 2 : from;
    const news = page.filter(
      (m) => m.seq > read && m.kind === "text" && m.sender_id !== user_id && !m.deleted_at,
    );
    return {
      id: channel,
      kind: channel === group ? "group" : "direct",
      created_at: at,
      members: [{ user_id, role: "member" }],
      settings: { history: "from_join", invite: "members" },
      pins: [],
      visible_from: from,
      head: channel === group ? 8 : 2,
      read,
      unread: news.length,
      unread_mentions: news.filter((m) => m.mentions?.includes(user_id)).length,
      pos: 1,
    };
  });
}

function reading(name: string, user_id: UserId): Reading {
  const feed = feedOf(user_id);
  const seen = feed.flatMap(({ type, channel, seq }) =>
    type === "message"
      ? [...messages, ...words].filter((m) => m.channel === channel && m.seq === seq)
      : [],
  );
  return {
    name,
    user_id,
    seen,
    head: feed.length,
    feed,
    channels: channelsOf(user_id),
    pages: pagesOf(user_id),
  };
}

function device(name: string, kind: DeviceRecord["kind"], user_id: UserId): DeviceRecord {
  const { feed, head, seen, channels, pages } = reading(name, user_id);
  const fresh = kind === "fresh";
  const applied = Map.groupBy(
    feed.flatMap(({ type, channel, seq }) =>
      type === "message" && channel && seq ? [{ channel, seq }] : [],
    ),
    (entry) => entry.channel,
  );
  const [first, ...missed] = feed.map(({ pos }) => pos);
  return {
    name,
    kind,
    user_id,
    seen: structuredClone(seen),
    start: fresh ? head : 0,
    pos: head,
    entries: fresh ? [] : feed,
    pages:
      fresh || !first ? [] : [{ after: first, poses: missed, head, more: false, reset: false }],
    applied: new Map(
      fresh ? [] : [...applied].map(([id, list]) => [id, list.map(({ seq }) => seq)]),
    ),
    whispers: user_id === dan ? [] : [group],
    channels: structuredClone(channels),
    messages: structuredClone(pages),
    bodies: kind === "kept" && user_id !== dan ? [{ channel: group, seq: 7, body: long }] : [],
  };
}

/** Made anew for each test, so that a fault planted in one is not in the next. */
export function truth(): Evidence {
  const people: [string, UserId][] = [
    ["Ann", ann],
    ["Bob", bob],
    ["Cho", cho],
    ["Dan", dan],
  ];
  const texts = [...messages, ...words].filter(({ kind }) => kind === "text");
  const refused: Send = {
    ...send(message(group, 9, { sender_id: dan, body: "still here?" }), 99),
    answers: [],
    refused: "not_member",
  };
  delete refused.sent;
  const door = { expected: ["refused"], got: "refused" };
  return structuredClone({
    names: new Map(people.map(([name, user_id]) => [user_id, name])),
    sends: [...texts.map(send), refused],
    edits: [{ device: "Bob's phone", channel: group, seq: 3, body: "two, better", head: 3 }],
    groups: [
      {
        channel: group,
        history: "from_join",
        created: [ann, bob, dan],
        changes: [
          { event: "joined", user_id: cho },
          { event: "left", user_id: dan },
        ],
      },
    ],
    history: new Map([
      [group, messages],
      [direct, words],
    ]),
    bodies: new Map([[`${group}/7`, long]]),
    readings: people.map(([name, user_id]) => reading(name, user_id)),
    devices: people.flatMap(([name, user_id]) => [
      device(`${name}'s phone`, "kept", user_id),
      device(`${name}'s new phone`, "fresh", user_id),
    ]),
    doors: (["I4", "I9", "I17", "I19", "I22"] as const).map((rule) => ({
      rule,
      tried: "a door",
      ...door,
    })),
    restless: [],
    absences: [{ device: "Ann's phone", messages: 6, planned: 5 }],
    log_outs: [{ device: "Ann's tablet", ms: 12 }],
  } satisfies Evidence);
}
