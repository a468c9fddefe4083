/** The words of the conversation: what can be done to messages and chats, and how something is found again. */
import type { KeyAction } from "../keys.ts";

export type Talk = {
  messages: string;
  nextMention: (count: number) => string;
  backToPlace: string;

  undo: string;
  deleted: (count: number) => string;
  forward: string;
  forwardTo: string;
  forwardSend: (count: number) => string;
  readBy: (read: number, all: number) => string;
  readByTitle: string;
  receipts: Record<"read" | "delivered" | "waiting", string>;
  select: string;
  selected: (count: number) => string;

  moreEmoji: string;
  emoji: string;
  emojiSearch: string;
  emojiNone: string;
  emojiGroups: Readonly<Record<number, string>>;

  chatActions: (name: string) => string;
  pinChat: string;
  unpinChat: string;
  muteChat: string;
  unmuteChat: string;
  markRead: string;
  markUnread: string;
  markedUnread: string;
  clearChat: string;
  clearSure: string;

  search: string;
  searchIn: (name: string) => string;
  searchAll: string;
  searchMentions: string;
  searchEmpty: string;
  searchNone: string;
  searchLocal: string;
  searching: string;
  searchMore: string;
  found: (count: number) => string;
  foundChats: string;
  foundMessages: string;

  switcher: string;
  switcherHint: string;

  skipToChats: string;
  skipToMessages: string;
  skipToField: string;

  keys: Record<KeyAction, string>;
};
