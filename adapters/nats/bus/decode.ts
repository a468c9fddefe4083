/**
 * What came over the network, as what it claims to be, or nothing. Only as much is looked at as keeps the code behind it from
 * failing: nodes trust each other, but versions differ, and anybody with access can send anything.
 */
import type { GatewayItem, TopicFrame } from "@damso/core/ports/bus";
import type { Result } from "@damso/core/result";
import type { Command } from "@damso/core/shard/commands";
import type { UserId } from "@damso/protocol/ids";
import { isErrorCode } from "@damso/protocol/codes";
import { decodeJson } from "../payload.ts";

type Fields = Record<string, unknown>;

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : undefined;
}

const isText = (value: unknown): value is string => typeof value === "string";

/** A command of a kind that is known here, for this shard. */
export function decodeCommand(
  value: unknown,
  shard: number,
  shardOf: (command: Command) => number,
): Command | undefined {
  if (!isText(fieldsOf(value)?.["kind"])) return undefined;
  const command = value as Command;
  try {
    return shardOf(command) === shard ? command : undefined;
  } catch {
    // It is of no kind that has a place.
    return undefined;
  }
}

export function decodeResult(bytes: Uint8Array): Result<unknown> | undefined {
  const result = fieldsOf(decodeJson(bytes));
  if (result?.["ok"] === true && "value" in result) return result as Result<unknown>;
  const refusal = fieldsOf(result?.["refusal"]);
  const { code, message } = refusal ?? {};
  const isRefused = result?.["ok"] === false && isText(code) && isErrorCode(code);
  return isRefused && isText(message) ? (result as Result<unknown>) : undefined;
}

/** The fields that an item of each kind needs. */
const ITEMS: { [K in GatewayItem["kind"]]: (item: Fields) => boolean } = {
  event: ({ type, shared, to }) => isText(type) && isText(shared) && isList(to, isRecipient),
  frame: ({ user_id, frame }) => isText(user_id) && isText(frame),
  left: ({ user_id, channel }) => isText(user_id) && isText(channel),
  revoked: ({ user_id, sessions }) => isText(user_id) && isList(sessions, isText),
  replaced: ({ user_id, device_id, serial }) =>
    isText(user_id) && isText(device_id) && typeof serial === "number",
};

function isList(value: unknown, isMember: (member: unknown) => boolean): boolean {
  return Array.isArray(value) && value.every(isMember);
}

function isRecipient(value: unknown): boolean {
  const { user_id, pos, tail } = fieldsOf(value) ?? {};
  return isText(user_id) && typeof pos === "number" && isText(tail);
}

function isItem(value: unknown): value is GatewayItem {
  const item = fieldsOf(value);
  const kind = item?.["kind"];
  if (!item || !isText(kind) || !Object.hasOwn(ITEMS, kind)) return false;
  return ITEMS[kind as GatewayItem["kind"]](item);
}

/** Those that are understood, in their order, and how many were not. */
export function decodeItems(bytes: Uint8Array): { items: GatewayItem[]; malformed: number } {
  const values = decodeJson(bytes);
  if (!Array.isArray(values)) return { items: [], malformed: 1 };
  const items = values.filter(isItem);
  return { items, malformed: values.length - items.length };
}

export function decodeFrame(bytes: Uint8Array): { origin: string; frame: TopicFrame } | undefined {
  const { origin, from, frame } = fieldsOf(decodeJson(bytes)) ?? {};
  if (!isText(origin) || !isText(frame)) return undefined;
  return { origin, frame: isText(from) ? { from: from as UserId, frame } : { frame } };
}
