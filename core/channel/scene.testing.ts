/** Channels, people and a still clock for the tests of single decisions. */
import { uuidV7 } from "@damso/protocol/ids";
import type { ChannelId, ClientId, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import { createIdClock, createStamp } from "../ids/snowflake.ts";
import type { SendCommand } from "../shard/commands.ts";
import type { Decided, Decision } from "../shard/decision.ts";
import { person, profileOf, START_MS } from "../shard/scene.testing.ts";
import type { Decider } from "./send.ts";
import { DEFAULT_SETTINGS, newDirect } from "./state.ts";
import type { ChannelState, Membership } from "./state.ts";

export const [ann, bob, eve] = [person(1), person(2), person(3)] as [UserId, UserId, UserId];
export const NOW = "2026-11-23T12:00:00.000Z";
export const GROUP = "g1500000000000000001" as ChannelId;

export function world(): Decider {
  return { ids: createIdClock({ now: () => START_MS }, 0), stamp: createStamp() };
}

export function direct(over: Partial<ChannelState> = {}): ChannelState {
  return { ...newDirect(`d${ann}.${bob}` as ChannelId, ann, NOW), ...over };
}

/** ann owns, bob is an admin, the rest are members; everyone is in from seq 1. */
export function group(
  members: readonly UserId[] = [ann, bob],
  over: Partial<ChannelState> = {},
): ChannelState {
  const roles = ["owner", "admin", "member"] as const;
  const entries = members.map((user_id, i): [UserId, Membership] => [
    user_id,
    { role: roles[Math.min(i, 2)] as Membership["role"], joined_at_seq: 1, visible_from: 1 },
  ]);
  return {
    id: GROUP,
    kind: "group",
    created_at: NOW,
    created_by: ann,
    settings: DEFAULT_SETTINGS,
    blocked_by: [],
    pins: [],
    members: new Map(entries),
    head: 10,
    last_ms: START_MS,
    ...over,
  };
}

let serial = 0;
export function sendOf(
  channel: ChannelState,
  from: UserId,
  more: Partial<SendCommand> = {},
): SendCommand {
  const random = new Uint8Array(10).fill(++serial % 256);
  const client_id: ClientId = uuidV7(START_MS, random);
  return { user_id: from, channel: channel.id, client_id, body: "hello", ...more };
}

export function messageOf(
  channel: ChannelState,
  from: UserId,
  over: Partial<Message> = {},
): Message {
  return {
    message_id: "1500000000000000009" as Message["message_id"],
    channel: channel.id,
    seq: 5,
    kind: "text",
    sender_id: from,
    body: "first",
    created_at: NOW,
    rev: 1,
    body_rev: 1,
    ...over,
  };
}

/** The code of a refusal, or "ok". */
export function codeOf(decision: Decision<unknown>): string {
  return decision.ok ? "ok" : decision.refusal.code;
}

export function must<T>(decision: Decision<T>): Decided<T> {
  if (!decision.ok) throw new Error(decision.refusal.code);
  return decision;
}

/** Who is told what, as text: `message:ann,bob`. */
export function told(decision: Decision<unknown>): string[] {
  const names = new Map([
    [ann, "ann"],
    [bob, "bob"],
    [eve, "eve"],
  ]);
  return must(decision).tells.map(
    ({ kind, users }) => `${kind}:${users.map((id) => names.get(id) ?? "?").join(",")}`,
  );
}

export { profileOf };
