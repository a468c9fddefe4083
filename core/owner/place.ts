/** Which shard a command belongs to. The same on every node, for as long as the number of shards is. Rule S18. */
import type {
  ChannelCommands,
  Command,
  CommandKind,
  ShardCommands,
  UserCommands,
} from "../shard/commands.ts";

/** The column of a command that names its place; a new command does not compile without one. */
type Columns = { [K in keyof ChannelCommands]: "channel" } & {
  [K in keyof UserCommands]: "user_id";
} & { [K in keyof ShardCommands]: "shard" };

const COLUMNS: Columns = {
  send: "channel",
  edit: "channel",
  delete: "channel",
  react: "channel",
  pin: "channel",
  create_group: "channel",
  patch_channel: "channel",
  put_member: "channel",
  remove_member: "channel",
  block: "channel",
  depart: "channel",
  view: "channel",
  history: "channel",
  message: "channel",
  messages: "channel",
  opened: "channel",
  typing: "channel",
  mark: "channel",
  attach: "user_id",
  detach: "user_id",
  sync: "user_id",
  ack: "user_id",
  ping: "user_id",
  read: "user_id",
  set: "user_id",
  hide: "user_id",
  own_channels: "user_id",
  own_channel: "user_id",
  watch: "user_id",
  presence: "user_id",
  account: "user_id",
  revoke: "user_id",
  exchange: "user_id",
  alive: "shard",
  feed: "shard",
  told: "shard",
};

/** The shard of a channel or user. */
export function placeOf(key: string, count: number): number {
  return fnv1a(key) % count;
}

export function shardOf(command: Command, count: number): number {
  const kind: CommandKind = command.kind;
  const place = (command as unknown as Record<string, string | number>)[COLUMNS[kind]];
  if (place === undefined) throw new Error(`${kind} names no place`);
  return typeof place === "number" ? place : placeOf(place, count);
}

/** FNV-1a, 32 bits, over the characters of an ASCII text (draft-eastlake-fnv). */
export function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) {
    hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  }
  return hash >>> 0;
}
