/** The id of a group follows from who creates it and the client id: a repeated creation finds the same group. Rule D3. */
import { uuidTime } from "@damso/protocol/ids";
import type { ChannelId, ClientId, UserId } from "@damso/protocol/ids";
import { snowflake } from "../ids/snowflake.ts";

const LOW_BITS = 22;
/** The years whose Snowflakes have 19 digits: a device with a clock outside of them gets a group id of their edge. */
const FIRST_MS = Date.UTC(2023, 0, 1);
const LAST_MS = Date.UTC(2083, 0, 1);

/** FNV-1a, 32 bits: spreads groups made in one millisecond over the ids of that millisecond. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++)
    value = Math.imul(value ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return value >>> 0;
}

/** `attempt` 1, 2, … gives the next candidates, for when someone else's group has the first. */
export function groupId(user_id: UserId, client_id: ClientId, attempt = 0): ChannelId {
  const low = hash(`${user_id}/${client_id}/${attempt}`) & ((1 << LOW_BITS) - 1);
  const ms = Math.min(Math.max(uuidTime(client_id), FIRST_MS), LAST_MS);
  return `g${snowflake(ms, low >> 12, low & 4095)}` as ChannelId;
}
