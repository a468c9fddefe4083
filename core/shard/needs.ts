/**
 * What a channel command must find in memory before it can be decided. A pass lists what is missing; the runner loads
 * it and passes again, because what was loaded before an await has to be checked again. Rule D2.
 */
import { uuidTime } from "@damso/protocol/ids";
import type { ChannelId, Seq, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import { sendsKey } from "../channel/message.ts";
import type { Earlier } from "../channel/send.ts";
import { peerOf } from "../channel/state.ts";
import type { Profile } from "../ports/directory.ts";
import type { Command, SendCommand } from "./commands.ts";
import type { Shard } from "./context.ts";
import { isHere } from "./here.ts";
import { learn } from "./learn.ts";
import { loadChannel, loadHome, loadMessage, messageKey } from "./memory.ts";
import type { HeldChannel } from "./memory.ts";
import { ask } from "./profiles.ts";

/** Commands to a channel that change it, and are run in its order. */
export type WriteKind =
  | "send"
  | "edit"
  | "delete"
  | "react"
  | "pin"
  | "create_group"
  | "patch_channel"
  | "put_member"
  | "remove_member"
  | "block"
  | "depart";
export type WriteCommand = Command<WriteKind>;

/** What the loads of one command found to be absent, or found at all: kept between its passes. */
export type Found = {
  channel_absent?: boolean;
  absent: Set<UserId>;
  /** Of users whose homes are in other shards. */
  profiles: Map<UserId, Profile | undefined>;
  message?: { value: Message | undefined };
  earlier?: { value: Earlier | undefined };
};

export const NOTHING_FOUND: Found = { absent: new Set(), profiles: new Map() };

type Load = () => Promise<unknown>;

export function missing(shard: Shard, command: WriteCommand, found: Found): Load[] {
  const held = shard.memory.channels.get(command.channel);
  const loads: Load[] = [];
  if (!held && !found.channel_absent) loads.push(() => findChannel(shard, command.channel, found));
  if (held) missingHomes(shard, command.channel, held.state.members.keys(), found, loads);
  missingHomes(shard, command.channel, joinersOf(command), found, loads);
  missingProfiles(shard, held, command, found, loads);
  if (held && command.kind === "send") missingEarlier(shard, held, command, found, loads);
  if (held && "seq" in command) missingMessage(shard, held, command.seq, found, loads);
  return loads;
}

export function joinersOf(command: WriteCommand): UserId[] {
  if (command.kind === "create_group") return [command.user_id, ...command.members];
  if (command.kind === "put_member") return [command.member];
  return [];
}

async function findChannel(shard: Shard, id: ChannelId, found: Found): Promise<void> {
  await loadChannel(shard, id);
  if (!shard.memory.channels.get(id)) found.channel_absent = true;
}

function missingHomes(
  shard: Shard,
  channel: ChannelId,
  users: Iterable<UserId>,
  found: Found,
  loads: Load[],
): void {
  for (const user_id of users) {
    // A home of another shard hears of it later, and is not needed here.
    if (!isHere(shard, user_id)) continue;
    if (shard.memory.users.get(user_id)?.channels.has(channel) || found.absent.has(user_id))
      continue;
    loads.push(async () => {
      if (!(await loadHome(shard, user_id, [channel]))) found.absent.add(user_id);
    });
  }
}

/** Who joins, or is written to for the first time, has a say in it; of users of other shards only that is needed. Rule D25. */
function missingProfiles(
  shard: Shard,
  held: HeldChannel | undefined,
  command: WriteCommand,
  found: Found,
  loads: Load[],
): void {
  const asked = joinersOf(command);
  const begins = command.kind === "send" && held?.state.head === 0;
  const peer = begins && peerOf(held.state, command.user_id);
  if (peer) asked.push(peer);
  for (const user_id of asked) {
    if (isHere(shard, user_id)) missingWord(shard, user_id, loads);
    else if (!found.profiles.has(user_id))
      loads.push(async () => {
        found.profiles.set(user_id, (await ask(shard, user_id)).profile);
      });
  }
}

/** A home may have been loaded without the directory. */
function missingWord(shard: Shard, user_id: UserId, loads: Load[]): void {
  const user = shard.memory.users.get(user_id);
  if (user?.assumed) loads.push(() => learn(shard, user));
}

export function dedupKey(send: SendCommand): string {
  return send.channel + send.user_id + send.client_id;
}

/** What an earlier try of the send made, as far as memory knows; `unknown` asks for the table. */
export function rememberedEarlier(
  shard: Shard,
  held: HeldChannel,
  send: SendCommand,
): Earlier | undefined | "unknown" {
  const client_ms = uuidTime(send.client_id);
  const known = shard.dedup.find(dedupKey(send), client_ms);
  if (known) return known;
  return shard.dedup.vouches(client_ms, shard.clock.now(), held.state.ahead ?? 0)
    ? undefined
    : "unknown";
}

function missingEarlier(
  shard: Shard,
  held: HeldChannel,
  send: SendCommand,
  found: Found,
  loads: Load[],
): void {
  if (found.earlier || rememberedEarlier(shard, held, send) !== "unknown") return;
  loads.push(async () => {
    const key = sendsKey(send.channel, send.user_id, send.client_id, uuidTime(send.client_id));
    const row = await shard.store.get("sends", key);
    const value = row && (await shard.store.get("messages", [send.channel, row.seq]));
    found.earlier = { value };
  });
}

/** The message as decided last: committed, or in the overlay. */
export function heldMessage(shard: Shard, held: HeldChannel, seq: Seq): Message | undefined {
  if (held.state.last?.seq === seq) return held.state.last;
  return shard.memory.messages.get(messageKey(held.state.id, seq))?.message;
}

function missingMessage(
  shard: Shard,
  held: HeldChannel,
  seq: Seq,
  found: Found,
  loads: Load[],
): void {
  if (found.message || seq > held.state.head || heldMessage(shard, held, seq)) return;
  loads.push(async () => {
    found.message = { value: await loadMessage(shard, held.state.id, seq) };
  });
}
