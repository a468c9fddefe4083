/** History, sending and changing messages. */
import * as v from "valibot";
import { onePosition, SendEntries } from "../frames/client.ts";
import { MessagesEntries, SentEntries } from "../frames/server.ts";
import { LIMITS } from "../limits.ts";
import { BodySchema, CountSchema, EmojiSchema } from "../schema/basics.ts";
import { MentionsSchema, MessageSchema } from "../schema/message.ts";
import { channelParams, messageParams, NOTHING, queryNumber } from "./route.ts";
import type { Route } from "./route.ts";

const reactionParams = v.object({ ...messageParams.entries, emoji: EmojiSchema });
/** The message after the change, as the caller now sees it. */
const message = { status: 200, schema: MessageSchema } as const;
const change = ["not_found", "not_member", "forbidden", "blocked"] as const;

export const MESSAGE_ROUTES = {
  getMessages: {
    method: "GET",
    path: "/v1/channels/{channel_id}/messages",
    operation: "getMessages",
    summary: "A page of history by seq, ascending; without a position the newest",
    tag: "messages",
    auth: "required",
    params: channelParams,
    query: v.pipe(
      v.object({
        before: queryNumber(1),
        after: queryNumber(0),
        around: queryNumber(1),
        limit: queryNumber(1, LIMITS.page_messages_max),
      }),
      v.check((page) => onePosition(page)),
    ),
    body: null,
    answer: { status: 200, schema: v.object(MessagesEntries) },
    codes: ["not_found", "not_member"],
  },
  sendMessage: {
    method: "POST",
    path: "/v1/channels/{channel_id}/messages",
    operation: "sendMessage",
    summary: "Commit a message; a repeated client_id answers with the first one's seq",
    tag: "messages",
    auth: "required",
    params: channelParams,
    query: NOTHING,
    body: v.object(SendEntries),
    answer: { status: 201, schema: v.object(SentEntries) },
    codes: [...change, "invalid_text", "empty", "too_long"],
  },
  getMessage: {
    method: "GET",
    path: "/v1/channels/{channel_id}/messages/{seq}",
    operation: "getMessage",
    summary: "One message with its full body",
    tag: "messages",
    auth: "required",
    params: messageParams,
    query: NOTHING,
    body: null,
    answer: message,
    codes: ["not_found", "not_member"],
  },
  editMessage: {
    method: "PATCH",
    path: "/v1/channels/{channel_id}/messages/{seq}",
    operation: "editMessage",
    summary: "Change the text of my message",
    tag: "messages",
    auth: "required",
    params: messageParams,
    query: NOTHING,
    body: v.object({
      body: BodySchema,
      mentions: v.exactOptional(MentionsSchema),
      if_rev: v.exactOptional(CountSchema),
    }),
    answer: message,
    codes: [...change, "invalid_text", "empty", "too_long", "conflict"],
  },
  deleteMessage: {
    method: "DELETE",
    path: "/v1/channels/{channel_id}/messages/{seq}",
    operation: "deleteMessage",
    summary: "Delete a message for all, or hide it for me; the answer is what the others now see",
    tag: "messages",
    auth: "required",
    params: messageParams,
    query: v.object({ for: v.exactOptional(v.picklist(["all", "me"]), "all") }),
    body: null,
    answer: message,
    codes: change,
  },
  addReaction: {
    method: "PUT",
    path: "/v1/channels/{channel_id}/messages/{seq}/reactions/{emoji}",
    operation: "addReaction",
    summary: "React to a message",
    tag: "messages",
    auth: "required",
    params: reactionParams,
    query: NOTHING,
    body: null,
    answer: message,
    codes: [...change, "invalid_text", "empty", "too_long"],
  },
  removeReaction: {
    method: "DELETE",
    path: "/v1/channels/{channel_id}/messages/{seq}/reactions/{emoji}",
    operation: "removeReaction",
    summary: "Take my reaction back",
    tag: "messages",
    auth: "required",
    params: reactionParams,
    query: NOTHING,
    body: null,
    answer: message,
    codes: [...change, "invalid_text", "empty", "too_long"],
  },
  pin: {
    method: "PUT",
    path: "/v1/channels/{channel_id}/messages/{seq}/pin",
    operation: "pin",
    summary: "Pin a message for everyone",
    tag: "messages",
    auth: "required",
    params: messageParams,
    query: NOTHING,
    body: null,
    answer: message,
    codes: change,
  },
  unpin: {
    method: "DELETE",
    path: "/v1/channels/{channel_id}/messages/{seq}/pin",
    operation: "unpin",
    summary: "Unpin a message",
    tag: "messages",
    auth: "required",
    params: messageParams,
    query: NOTHING,
    body: null,
    answer: message,
    codes: change,
  },
} as const satisfies Record<string, Route>;
