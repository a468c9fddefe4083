import { shellEn } from "./shell-en.ts";
import type { Strings } from "./strings.ts";
import { talkEn } from "./talk-en.ts";

const plural = (count: number, one: string, many: string): string =>
  `${count} ${count === 1 ? one : many}`;

const YOU = "You";
const object = (who: string): string => (who === YOU ? "you" : who);

const role = { owner: "Owner", admin: "Admin", member: "Member" };
/** There is one owner; a role that this page does not know is called what it is. */
const articled = new Map([
  [role.owner, "the owner"],
  [role.admin, "an admin"],
  [role.member, "a member"],
]);
const someRole = (name: string): string => articled.get(name) ?? name;

export const en: Strings = {
  tagline: "A calm place to talk: with one friend, or a hundred.",
  tryIt: "Try it: two people side by side",
  signUp: "Sign up",
  logIn: "Log in",
  logOut: "Log out",
  name: "Name",
  username: "Username",
  password: "Password",
  showPassword: "Show password",
  capsLock: "Caps Lock is on",
  settings: "Settings",
  photos: (count) => plural(count, "picture", "pictures"),
  attach: "Attach pictures or files",
  youBlocked: (name) => `You have blocked ${name}.`,
  unblock: "Unblock",
  accountGone: "This account was deleted. Nobody reads here any more.",
  back: "Back",
  close: "Close",
  cancel: "Cancel",
  save: "Save",
  otherLanguage: "한국어",

  demoNames: ["지우", "Sam"],
  demoHello: (name) => `Hi ${name}! Nice to have you here. 👋`,

  chats: "Chats",
  newChat: "New chat",
  noChats: "No chats yet. Find somebody to talk to.",
  findMe: (username) => `Friends find you as @${username}`,
  pickChat: "Pick a chat, or start a new one.",
  you: YOU,
  notesToSelf: "Notes to self",
  nobodyFound: (username) => `Nobody here is called “${username}”.`,
  removeName: (name) => `Remove ${name}`,
  unread: (count) => plural(count, "unread message", "unread messages"),
  mentioned: "You were mentioned",
  muted: "Muted",
  draft: "Draft",

  online: "online",
  offline: "offline",
  lastSeen: (ago) => `last seen ${ago}`,
  justNow: "just now",
  members: (count) => plural(count, "member", "members"),
  typing: (names) => {
    if (names.length === 1) return `${names[0] ?? ""} is typing`;
    if (names.length === 2) return `${names.join(" and ")} are typing`;
    return `${names.slice(0, 2).join(", ")} and others are typing`;
  },
  someone: "Somebody",
  deletedUser: "Deleted account",
  today: "Today",
  yesterday: "Yesterday",

  connecting: "Connecting…",
  offlineBar: "Offline: messages will be sent when you are back",
  waitingBar: "No connection. Trying again…",
  replacedBar: "Damso is open in another tab.",
  useHere: "Use it here",
  endedBar: "You were logged out.",
  failedToLoad: "This did not load.",
  tryAgain: "Try again",

  tick: {
    waiting: "Waiting to be sent",
    stored: "Sent",
    delivered: "Delivered",
    read: "Read",
    failed: "Not sent",
  },
  seen: "Read",
  retry: "Retry",
  delete: "Delete",
  edited: "edited",
  pinned: "Pinned",
  deletedMessage: "Message deleted",
  newerVersion: "This message needs a newer version of Damso",
  unavailable: "This message is no longer available",
  newMessages: "New messages",
  showAll: (length) =>
    length === undefined ? "Show all" : `Show all (${length.toLocaleString("en")} characters)`,
  showLess: "Show less",
  toBottom: (unread) =>
    unread > 0 ? `To the newest message, ${unread} unread` : "To the newest message",
  loadingOlder: "Loading messages…",
  startOfChat: "This is where your talk begins.",

  message: "Message",
  write: "Write a message",
  send: "Send",
  actions: "Message options",
  reply: "Reply",
  replyingTo: (name) => `Reply to ${object(name)}`,
  copy: "Copy text",
  edit: "Edit",
  editing: "Edit message",
  pin: "Pin",
  unpin: "Unpin",
  deleteForMe: "Delete for me",
  deleteForAll: "Delete for everyone",
  react: (emoji) => `React with ${emoji}`,
  reactedBy: (emoji, names) => `${emoji} by ${names}`,
  everyone: "everyone",
  mention: "Mention somebody",
  jumpToPinned: "Show the pinned message",

  chatInfo: "About this chat",
  role,

  said: (name, text) => `${name}: ${text}`,
  saidMany: (count) => plural(count, "new message", "new messages"),
  talk: talkEn,
  system: {
    created: (by, name) => (name === "" ? `${by} started the group` : `${by} started “${name}”`),
    joined: (by, users, self) => (self ? `${users} joined` : `${by} added ${object(users)}`),
    left: (by) => `${by} left`,
    removed: (by, users) => `${by} removed ${object(users)}`,
    renamed: (by, name) => `${by} renamed the group to “${name}”`,
    avatar: (by) => `${by} changed the picture`,
    role: (by, users, role) => `${by} made ${object(users)} ${someRole(role)}`,
    settings: (by) => `${by} changed the settings`,
  },
  shell: shellEn,
  errors: {
    username_taken: "Somebody already has this username.",
    invalid_username: "A username is 3 to 32 of a–z, 0–9, dot, dash, underscore.",
    wrong_credentials: "Username or password is wrong.",
    invalid: "Please check what you typed.",
    too_long: "This is too long.",
    empty: "There is nothing in it.",
    rate_limited: "Too fast. Wait a moment and try again.",
    busy: "The server is busy. Try again in a moment.",
    disconnected: "The server does not answer.",
    timeout: "The server does not answer.",
    group_full: "The group is full.",
    forbidden: "You may not do this.",
    blocked: "You cannot write to each other.",
    not_member: "You are no longer in this chat.",
    not_found: "This does not exist (any more).",
    unavailable: "The server is having a rest. Try again in a moment.",
    too_large: "This is too large.",
    queue_full: "Too many messages are waiting. Wait for the connection.",
    store_failed: "This browser has no room left to keep messages.",
  },
  somethingWrong: "Something went wrong. Try again.",
};
