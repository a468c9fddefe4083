/**
 * Identifiers as they stand on every wire: decimal strings, branded so that one kind cannot be passed for another.
 * Rules: P3 (ids), P4 (channel ids).
 */
type Branded<T, B extends string> = T & { readonly "~brand": B };

export type UserId = Branded<string, "UserId">;
export type ChannelId = Branded<string, "ChannelId">;
export type MessageId = Branded<string, "MessageId">;
export type DeviceId = Branded<string, "DeviceId">;
export type SessionId = Branded<string, "SessionId">;
export type ClientId = Branded<string, "ClientId">;
export type FeedId = Branded<string, "FeedId">;
/** Dense 1..n per channel, given out at commit. */
export type Seq = number;
/** Dense 1..n per user feed, given out at commit. */
export type Pos = number;

const SNOWFLAKE = /^[1-9]\d{18}$/;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A Snowflake on the wire: 63 bits in exactly 19 decimal digits, so that string order is numeric order. */
export function isSnowflake(text: string): boolean {
  return SNOWFLAKE.test(text) && text <= "9223372036854775807";
}

export function isUserId(text: string): text is UserId {
  return isSnowflake(text);
}

export function isClientId(text: string): text is ClientId {
  return UUID_V7.test(text);
}

/** `d<lower>.<higher>` for a direct channel (both the same: notes to self), `g<snowflake>` for a group; anything else is no channel id. */
export function isChannelId(text: string): text is ChannelId {
  if (text.startsWith("g")) return isSnowflake(text.slice(1));
  return directMembers(text) !== undefined;
}

/** The two users of a canonical direct channel id, lower first, or undefined when the id is not one. */
export function directMembers(text: string): [UserId, UserId] | undefined {
  if (text.length !== 40 || text[0] !== "d" || text[20] !== ".") return undefined;
  const low = text.slice(1, 20);
  const high = text.slice(21);
  if (!isUserId(low) || !isUserId(high) || low > high) return undefined;
  return [low, high];
}

/** The one channel that two users share; the order of the arguments does not matter. 19-digit ids sort as strings. */
export function directChannel(a: UserId, b: UserId): ChannelId {
  return (a < b ? `d${a}.${b}` : `d${b}.${a}`) as ChannelId;
}

/** Milliseconds since 1970 of a UUIDv7 (RFC 9562 section 5.7). */
export function uuidTime(id: ClientId): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** A UUIDv7 from a clock reading (ms since 1970) and 10 random bytes. */
export function uuidV7(now: number, random: Uint8Array): ClientId {
  let hex = Math.max(0, Math.floor(now)).toString(16).padStart(12, "0");
  for (let i = 0; i < 10; i++) hex += (random[i] ?? 0).toString(16).padStart(2, "0");
  const variant = ((Number.parseInt(hex[16] ?? "0", 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}` as ClientId;
}
