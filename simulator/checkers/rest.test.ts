/** Worlds at rest: one that is right, and the same with one thing wrong. */
import { test } from "bun:test";
import type { Put, TableName } from "@damso/core/tables";
import type { ClientId, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import type { ChannelRecord, OutboxRecord } from "@damso/sdk/store/port";
import type { Rule } from "./faults.ts";
import type { RestDevice, RestView } from "./rest.ts";
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
  story,
  view,
  whoOf,
} from "./story.testing.ts";
import type { Story } from "./story.testing.ts";

type World = {
  told: Story;
  rows: Put[];
  messages: Message[];
  device: RestDevice;
  users: RestView["users"];
};

/** Ann and bob are in a group, eve has left it; bob's device is in step. */
function atRest(): World {
  const told = story();
  const rows: Put[] = [];
  const commit = (puts: Put[]): Put[] => {
    rows.push(...told.commit(puts));
    return puts;
  };
  commit(told.create([ann, bob, eve]));
  const first = messageIn(commit(told.send(ann, "one")));
  const second = messageIn(commit(told.send(bob, "two")));
  const third = messageIn(commit(told.leave(ann, eve)));
  const messages = [first, second, third];
  const record: ChannelRecord = {
    channel: view(told, bob, {
      head: 4,
      unread: 1,
      members: [
        { user_id: bob, role: "member" },
        { user_id: ann, role: "owner" },
      ],
      last: third,
    }),
    ranges: [[2, 4]],
  };
  const device: RestDevice = {
    who: whoOf(bob),
    attached: true,
    snapshot: { cursor: { id: FEED, pos: told.head(bob) }, channels: [record], outbox: [] },
    messages: new Map([[GROUP, messages]]),
    presence: new Map([[ann, "online"]]),
  };
  return { told, rows, messages, device, users: [{ user_id: ann, online: true }] };
}

/** The last row of each key, as a store has it. */
function stored(puts: readonly Put[], table: TableName): { key: Put["key"]; row: Put["row"] }[] {
  const last = new Map(
    puts.filter((put) => put.table === table).map((put) => [put.key.join("/"), put]),
  );
  return [...last.values()].filter(({ row }) => row !== null);
}

function judge({ told, rows, device, users }: World): Story {
  told.checkers.rest({
    users,
    devices: [device],
    undecided: new Set(),
    rows: ((table: TableName) => stored(rows, table)) as RestView["rows"],
  });
  return told;
}

function wrong(rule: Rule, spoil: (world: World) => Partial<World>): void {
  const world = atRest();
  flagged(judge({ ...world, ...spoil(world) }), rule);
}

const withRecord = (
  { device }: World,
  parts: object,
  more: Partial<ChannelRecord> = {},
): RestDevice => {
  const channels = device.snapshot.channels.map((record) => ({
    ...record,
    ...more,
    channel: { ...record.channel, ...parts },
  }));
  return { ...device, snapshot: { ...device.snapshot, channels } };
};
const withMessages = ({ device }: World, messages: Message[]): RestDevice => ({
  ...device,
  messages: new Map([[GROUP, messages]]),
});

test("[I1][I2][I10][I13][I21] a world in which everything is in step passes", () => {
  clean(judge(atRest()));
});

test("[I1][I13] rows that the store lost, changed or made up", () => {
  wrong("I13", ({ rows }) => ({ rows: rows.slice(1) }));
  wrong("I13", ({ rows, messages: [first] }) => ({
    rows: [
      ...rows,
      { table: "messages", key: [GROUP, 2], row: { ...(first as Message), body: "x" } },
    ],
  }));
  wrong("I13", ({ rows }) => ({
    rows: [...rows, { table: "bodies", key: [GROUP, 2], row: { body: "x" } }],
  }));
});

test("[I2][I15][I21] a device behind its feed, without its channel, or with another state of it", () => {
  const cursor =
    (pos: number, partial: boolean) =>
    (world: World): Partial<World> => ({
      device: {
        ...world.device,
        snapshot: { ...world.device.snapshot, cursor: { id: FEED, pos, partial } },
      },
    });
  wrong("I21", cursor(3, false));
  wrong("I21", cursor(5, true));
  wrong("I2", ({ device }) => ({
    device: { ...device, snapshot: { ...device.snapshot, channels: [] } },
  }));
  for (const parts of [
    { head: 3 },
    { name: "x" },
    { pins: [2] },
    { members: [] },
    { last: undefined },
  ])
    wrong("I2", (world) => ({ device: withRecord(world, parts) }));
  for (const parts of [
    { unread: 2 },
    { read: 2 },
    { draft: "x" },
    { pinned: true },
    { muted_until: "x" },
  ])
    wrong("I15", (world) => ({ device: withRecord(world, parts) }));
});

test("[I2][I6][I9][I11][I16] a device with a message that is missing, out of order, out of sight or outdated", () => {
  wrong("I2", (world) => ({ device: withMessages(world, world.messages.slice(1)) }));
  wrong("I6", (world) => ({ device: withMessages(world, world.messages.toReversed()) }));
  const spoilt =
    (parts: Partial<Message>) =>
    (world: World): Partial<World> => ({
      device: withMessages(world, [
        { ...(world.messages[0] as Message), ...parts },
        ...world.messages.slice(1),
      ]),
    });
  wrong("I16", spoilt({ rev: 2 }));
  wrong("I11", spoilt({ body: "x" }));
  wrong("I3", (world) => ({ device: withRecord(world, {}, { ranges: [[2, 9]] }) }));
  wrong("I9", (world) => ({ device: { ...world.device, who: whoOf(eve) } }));
});

test("[I10] a member whom the feed has not told of the end", () => {
  const world = atRest();
  world.rows.push(
    ...world.told.commit(
      world.told.send(ann, "x").filter(({ table, key }) => table !== "feed" || key[0] !== bob),
    ),
  );
  flagged(judge(world), "I10");
});

const queued = (client_id: ClientId): OutboxRecord => ({
  client_id,
  channel: GROUP,
  body: "x",
  created_at: "x",
  state: "waiting",
  order: 1,
});

function meant({ told }: World, user_id: UserId, stored: boolean): ClientId {
  const client_id = clientId();
  const who = whoOf(user_id);
  told.checkers.witness.intended({ who, channel: GROUP, client_id, body: "x", order: 1, known: 4 });
  const outbox = new Map([[client_id, queued(client_id)]]);
  const change = { channels: new Map(), messages: [], outbox };
  if (stored) told.checkers.witness.stored(who, change, () => undefined);
  return client_id;
}

test("[I21] a send that a device had stored is decided", () => {
  const forgotten = atRest();
  meant(forgotten, bob, false);
  clean(judge(forgotten));
  const lost = atRest();
  meant(lost, bob, true);
  flagged(judge(lost), "I21");
  wrong("I21", (world) => {
    const outbox = [queued(meant(world, bob, true))];
    return { device: { ...world.device, snapshot: { ...world.device.snapshot, outbox } } };
  });
});

test("[I23] presence is that of those who are there", () => {
  wrong("I23", () => ({ users: [{ user_id: ann, online: false }] }));
});

test("[I14] no push is owed any more", () => {
  const world = atRest();
  const push: Put = { table: "pushes", key: [0, 5, bob, 3], row: { channel: GROUP, seq: 2 } };
  world.rows.push(...world.told.commit([push]));
  flagged(judge(world), "I14");
});
