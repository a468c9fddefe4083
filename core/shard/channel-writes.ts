/** Runs commands that change a channel: in arrival order, at once when all they need is in memory. Rules D1, D2, D3. */
import { uuidTime } from "@damso/protocol/ids";
import type { UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import { decideDelete, decideEdit, decidePin, decideReact } from "../channel/change.ts";
import { decideCreate, decideDepart, decidePutMember, decideRemove } from "../channel/members.ts";
import { decideSend } from "../channel/send.ts";
import { decideBlock, decidePatch } from "../channel/settings.ts";
import type { Profile } from "../ports/directory.ts";
import { refuse } from "../result.ts";
import type { Result } from "../result.ts";
import { noteIds } from "./checkpoint.ts";
import { BUSY_RETRY_MS } from "./context.ts";
import type { Shard } from "./context.ts";
import type { Decided, Decision } from "./decision.ts";
import { AHEAD_MS } from "./dedup.ts";
import { isHere } from "./here.ts";
import type { HeldChannel } from "./memory.ts";
import {
  dedupKey,
  heldMessage,
  joinersOf,
  missing,
  NOTHING_FOUND,
  rememberedEarlier,
} from "./needs.ts";
import type { Found, WriteCommand } from "./needs.ts";
import { overloadedBy, overloadedForTells } from "./overload.ts";
import type { Sent } from "./commands.ts";
import { write } from "./write.ts";
import { channelToRow, peerOf } from "../channel/state.ts";

/** A command is loaded for at most so many times; more means that memory is too small for the load. */
const PASSES_MAX = 6;
/** How far ahead a device's clock may be: beyond it one id would have the channel look ids up for years. */
const CLIENT_AHEAD_MS_MAX = 24 * 3_600_000;
/** By how much a channel's `ahead` is raised beyond the id that made it necessary, so that it is rarely rewritten. */
const AHEAD_STEP_MS = 3_600_000;

type ReplyAny = (result: Result<unknown>) => void;

export function channelWrite(shard: Shard, command: WriteCommand, reply: ReplyAny): void {
  const refused = overloadedForTells(shard);
  if (refused) return reply(refused);
  if (!shard.lanes.busy(command.channel) && missing(shard, command, NOTHING_FOUND).length === 0) {
    return decide(shard, command, NOTHING_FOUND, reply);
  }
  shard.lanes.enter(command.channel, () => loadAndDecide(shard, command, reply));
}

async function loadAndDecide(shard: Shard, command: WriteCommand, reply: ReplyAny): Promise<void> {
  const found: Found = { absent: new Set(), profiles: new Map() };
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    // The store may have failed while this command waited in its lane, and readers have brought back what it needs.
    if (shard.failure) return reply(refuse("unavailable"));
    const loads = missing(shard, command, found);
    // Decided in the same turn as the check: after an await, what the check saw may be gone,
    // as a client id is from memory the moment its commit is durable.
    if (loads.length === 0) return decide(shard, command, found, reply);
    try {
      await Promise.all(loads.map((load) => load()));
    } catch (error) {
      shard.observe.warned("load", error);
      return reply(refuse("unavailable"));
    }
  }
  reply(refuse("busy", undefined, BUSY_RETRY_MS));
}

function decide(shard: Shard, command: WriteCommand, found: Found, reply: ReplyAny): void {
  let decision: Decision<unknown>;
  try {
    decision = decisionOf(shard, command, found);
  } catch (error) {
    // A bug in a pure decision: nothing has changed, so it harms no one but who asked.
    shard.observe.warned(command.kind, error);
    return reply(refuse("unavailable"));
  }
  const refused = decision.ok ? overloadedBy(shard, decision.tells) : undefined;
  if (refused) return reply(refused);
  if (decision.ok && decision.puts.length > 0) {
    if (command.kind === "send") return writeSend(shard, command, decision as Decided<Sent>, reply);
    noteIds(shard, decision.puts, 0, shard.clock.now());
  }
  write(shard, decision, reply);
}

function decisionOf(shard: Shard, command: WriteCommand, found: Found): Decision<unknown> {
  const held = shard.memory.channels.get(command.channel);
  if (command.kind === "create_group") {
    return decideCreate(held?.state, command, profilesOf(shard, command, found), shard);
  }
  if (!held) return refuse("not_found", "no such channel");
  if (command.kind === "send") return decideOneSend(shard, held, command, found);
  return decideChange(shard, held, command, found);
}

type Send = Extract<WriteCommand, { kind: "send" }>;

function decideOneSend(
  shard: Shard,
  held: HeldChannel,
  command: Send,
  found: Found,
): Decision<Sent> {
  const remembered = rememberedEarlier(shard, held, command);
  if (remembered === "unknown" && !found.earlier) throw new Error("a client id was not looked up");
  const earlier = remembered === "unknown" ? found.earlier?.value : remembered;
  if (!earlier && uuidTime(command.client_id) > shard.clock.now() + CLIENT_AHEAD_MS_MAX) {
    return refuse("invalid", "client_id: the device's clock is more than a day ahead");
  }
  const peer_id = peerOf(held.state, command.user_id);
  const peer = peer_id && profileOf(shard, peer_id, found);
  return decideSend(held.state, command, earlier, peer, shard);
}

/** Remembers the client id until its commit is durable, and longer where that saves looking it up. */
function writeSend(shard: Shard, command: Send, decision: Decided<Sent>, reply: ReplyAny): void {
  const key = dedupKey(command);
  const client_ms = uuidTime(command.client_id);
  const { seq, message_id, created_at } = decision.reply;
  const now = shard.clock.now();
  shard.dedup.accept(key, client_ms, { seq, message_id, created_at }, now);
  if (client_ms > now + AHEAD_MS) raiseAhead(decision, client_ms);
  noteIds(shard, decision.puts, client_ms, now);
  write(shard, decision, (result) => {
    shard.dedup.settled(key);
    reply(result);
  });
}

/** A sender's clock far ahead: from now on ids up to that time are looked up in this channel, for ever. */
function raiseAhead(decision: Decided<Sent>, client_ms: number): void {
  const { channel } = decision;
  if (!channel || client_ms <= (channel.ahead ?? 0)) return;
  const next = { ...channel, ahead: client_ms + AHEAD_STEP_MS };
  decision.channel = next;
  decision.puts.push({ table: "channels", key: [next.id], row: channelToRow(next) });
}

type Change = Exclude<WriteCommand, { kind: "send" | "create_group" }>;

function decideChange(
  shard: Shard,
  held: HeldChannel,
  command: Change,
  found: Found,
): Decision<unknown> {
  const message = (seq: number): Message | undefined =>
    heldMessage(shard, held, seq) ?? found.message?.value;
  const now = (): string => shard.stamp(shard.clock.now());
  switch (command.kind) {
    case "edit":
      return decideEdit(held.state, command, message(command.seq), now());
    case "delete":
      return decideDelete(held.state, command, message(command.seq), now());
    case "react":
      return decideReact(held.state, command, message(command.seq));
    case "pin":
      return decidePin(held.state, command, message(command.seq));
    case "patch_channel":
      return decidePatch(held.state, command, shard);
    case "put_member":
      return decidePutMember(held.state, command, profilesOf(shard, command, found), shard);
    case "remove_member":
      return decideRemove(held.state, command, shard);
    case "block":
      return decideBlock(held.state, command);
    case "depart":
      return decideDepart(held.state, command, shard);
  }
}

function profilesOf(
  shard: Shard,
  command: WriteCommand,
  found: Found,
): Map<UserId, Profile | undefined> {
  return new Map(joinersOf(command).map((user_id) => [user_id, profileOf(shard, user_id, found)]));
}

/** A home of this shard has it in memory; of a user of another shard it was asked for. */
function profileOf(shard: Shard, user_id: UserId, found: Found): Profile | undefined {
  return isHere(shard, user_id)
    ? shard.memory.users.get(user_id)?.profile
    : found.profiles.get(user_id);
}
