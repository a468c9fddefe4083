/** Every word of the page for operators. */
import type { Language } from "../../model/strings/strings.ts";
import { en } from "./en.ts";
import { ko } from "./ko.ts";

export type Words = {
  title: string;
  administration: string;
  otherLanguage: string;
  skip: string;
  leave: string;
  loading: string;

  enterTitle: string;
  enterHint: string;
  token: string;
  enterByToken: string;
  orAccount: string;
  username: string;
  password: string;
  enterByAccount: string;
  noAdmin: string;

  overview: string;
  users: string;
  channels: string;
  log: string;

  checks: Record<"accounts" | "history" | "discovery" | "shards" | "node", string>;
  fine: string;
  failing: string;
  took: (ms: string) => string;
  nodes: string;
  thisNode: string;
  otherNodeHint: string;
  draining: string;
  shards: (count: string) => string;
  socketsOf: (count: string, capacity: string) => string;
  messages: string;
  events: string;
  commits: string;
  perSecond: string;
  commitTime: string;
  commitP99: string;
  cpu: string;
  cores: string;
  memory: string;
  uptime: string;
  inFlight: string;
  lagging: string;
  longPolls: string;
  sinceStart: string;
  sizes: string;
  refusals: string;
  bounds: string;
  http: string;
  none: string;
  measuring: string;

  searchUsers: string;
  demoUsers: string;
  noUsers: string;
  more: string;
  lastActive: string;
  neverActive: string;
  sessions: (count: string) => string;
  disabled: string;
  deleted: string;
  since: string;
  back: string;
  devices: string;
  noDevices: string;
  pushBy: (kind: string) => string;
  end: string;
  endAll: string;
  disable: string;
  enable: string;
  confirmDisable: (name: string) => string;
  confirmEndAll: (name: string) => string;
  pushTest: string;
  pushTested: (devices: string) => string;
  cancel: string;

  channelId: string;
  find: string;
  channelsHint: string;
  noChannels: string;
  direct: string;
  group: string;
  members: (count: string) => string;
  messagesIn: (count: string) => string;
  pins: (count: string) => string;
  lastMessage: string;
  madeAt: string;
  memberList: string;

  logLevel: string;
  logHint: (node: string) => string;
  levels: Record<"debug" | "info" | "warn" | "error", string>;
  done: string;
  problems: Record<string, string>;
  problem: (code: string) => string;
};

export const WORDS: Record<Language, Words> = { en, ko };
