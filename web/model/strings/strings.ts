/** Every word that the page can say, once per language. */
import type { ShellWords } from "./shell.ts";
import type { Talk } from "./talk.ts";

export type Language = "en" | "ko";

export type Strings = {
  tagline: string;
  tryIt: string;
  signUp: string;
  logIn: string;
  logOut: string;
  name: string;
  username: string;
  password: string;
  showPassword: string;
  capsLock: string;
  settings: string;
  attach: string;
  photos: (count: number) => string;
  youBlocked: (name: string) => string;
  unblock: string;
  accountGone: string;
  back: string;
  close: string;
  cancel: string;
  save: string;
  otherLanguage: string;

  demoNames: readonly [string, string];
  demoHello: (name: string) => string;

  chats: string;
  newChat: string;
  noChats: string;
  pickChat: string;
  findMe: (username: string) => string;
  you: string;
  notesToSelf: string;
  nobodyFound: (username: string) => string;
  removeName: (name: string) => string;
  unread: (count: number) => string;
  mentioned: string;
  muted: string;
  draft: string;

  online: string;
  offline: string;
  lastSeen: (ago: string) => string;
  justNow: string;
  members: (count: number) => string;
  typing: (names: readonly string[]) => string;
  someone: string;
  deletedUser: string;
  today: string;
  yesterday: string;

  connecting: string;
  offlineBar: string;
  waitingBar: string;
  replacedBar: string;
  useHere: string;
  endedBar: string;
  failedToLoad: string;
  tryAgain: string;

  tick: Record<"waiting" | "stored" | "delivered" | "read" | "failed", string>;
  seen: string;
  retry: string;
  delete: string;
  edited: string;
  pinned: string;
  deletedMessage: string;
  newerVersion: string;
  unavailable: string;
  newMessages: string;
  showAll: (length: number | undefined) => string;
  showLess: string;
  toBottom: (unread: number) => string;
  loadingOlder: string;
  startOfChat: string;

  message: string;
  write: string;
  send: string;
  actions: string;
  reply: string;
  replyingTo: (name: string) => string;
  copy: string;
  edit: string;
  editing: string;
  pin: string;
  unpin: string;
  deleteForMe: string;
  deleteForAll: string;
  react: (emoji: string) => string;
  reactedBy: (emoji: string, names: string) => string;
  everyone: string;
  mention: string;
  jumpToPinned: string;

  chatInfo: string;
  role: Record<"owner" | "admin" | "member", string>;

  said: (name: string, text: string) => string;
  saidMany: (count: number) => string;
  talk: Talk;
  system: System;
  shell: ShellWords;
  errors: Record<string, string>;
  somethingWrong: string;
};

/** System messages carry data; these are the sentences. */
export type System = {
  created: (by: string, name: string) => string;
  joined: (by: string, users: string, self: boolean) => string;
  left: (by: string) => string;
  removed: (by: string, users: string) => string;
  renamed: (by: string, name: string) => string;
  avatar: (by: string) => string;
  role: (by: string, users: string, role: string) => string;
  settings: (by: string) => string;
};
