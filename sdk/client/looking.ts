/** What is alive only while somebody looks: typing, presence, receipts. Nothing of it is stored. Rules R1 to R8. */
import type {
  ChannelId,
  ClientFrame,
  Ephemerals,
  OpenMember,
  Presence,
  UserId,
} from "@damso/protocol";
import type { Receipt } from "../api.ts";
import { putNewest } from "@damso/protocol/bounded";
import type { Requests } from "../connection/requests.ts";
import type { Environment } from "../environment.ts";
import { DamsoError, isUnborn } from "../errors.ts";
import type { Emit, Notify } from "./events.ts";

/** Typing is told every 3 s while it lasts. */
const TYPING_INTERVAL_MS = 3000;
const TYPING_LASTS_MS = 5000;
const WATCH_MAX = 200;
/** Presences remembered; the one told longest ago is forgotten. */
const PRESENCE_MAX = 2000;

export type LookingWorld = Pick<Environment, "now"> & {
  pause: (ms: number) => Promise<void>;
  call: Requests["call"];
  tell: (frame: ClientFrame) => boolean;
  online: () => boolean;
  emit: Emit;
  notify: Notify;
  /** A member's watermark moved. */
  marked: (channel: ChannelId, user_id: UserId, receipt: Receipt) => void;
};

export type Looking = LookingWorld & {
  opened: Map<ChannelId, Map<UserId, Receipt>>;
  watched: readonly UserId[];
  presence: Map<UserId, Presence>;
  /** Who types, each with a token of the last time that it was told. */
  typing: Map<ChannelId, Map<UserId, object>>;
  /** When this device last said that it types, per channel. */
  typed: Map<ChannelId, number>;
};

export function looking(world: LookingWorld): Looking {
  return {
    ...world,
    opened: new Map(),
    watched: [],
    presence: new Map(),
    typing: new Map(),
    typed: new Map(),
  };
}

/** Resolves when the members' marks and presence are here, or when the next connection will bring them. */
export async function openChannel(self: Looking, channel: ChannelId): Promise<void> {
  if (!self.opened.has(channel)) self.opened.set(channel, new Map());
  if (!self.online()) return;
  try {
    const reply = await self.call({ type: "open", channel });
    if (reply.type !== "opened") return;
    // It was closed while this was on its way.
    if (!self.opened.has(channel)) return void self.tell({ type: "close", channel });
    for (const member of reply.members) takeMember(self, channel, member);
  } catch (error) {
    if (!(error instanceof DamsoError)) throw error;
    if (error.retry || isUnborn(channel, error)) return;
    self.opened.delete(channel);
    throw error;
  }
}

function takeMember(self: Looking, channel: ChannelId, member: OpenMember): void {
  const { user_id, presence: state } = member;
  mark(self, channel, user_id, member);
  if (self.presence.get(user_id)?.state !== state) takePresence(self, { user_id, state });
}

export function closeChannel(self: Looking, channel: ChannelId): void {
  if (!self.opened.delete(channel)) return;
  self.typing.delete(channel);
  self.tell({ type: "close", channel });
}

export function watch(self: Looking, users: readonly UserId[]): void {
  const watched = [...new Set(users)].slice(0, WATCH_MAX);
  self.watched = watched;
  self.tell({ type: "watch", users: watched });
}

export function type(self: Looking, channel: ChannelId): void {
  const now = self.now();
  if (now - (self.typed.get(channel) ?? 0) < TYPING_INTERVAL_MS) return;
  if (!self.tell({ type: "typing", channel })) return;
  putNewest(self.typed, channel, now, WATCH_MAX);
}

/** A new socket knows nothing of what the last one looked at. */
export function resumeLooking(self: Looking): void {
  if (self.watched.length > 0) watch(self, self.watched);
  for (const channel of self.opened.keys()) reopen(self, channel);
}

/** A refusal means that there is nothing to look at any more: the feed tells why. */
export function reopen(self: Looking, channel: ChannelId): void {
  openChannel(self, channel).catch(() => {});
}

export function takePresence(self: Looking, presence: Presence): void {
  const { type: _type, ...known } = presence as Presence & { type?: "presence" };
  putNewest(self.presence, known.user_id, known, PRESENCE_MAX);
  self.emit("presence", presence);
  self.notify("presence");
}

export function takeReceipt(self: Looking, receipt: Ephemerals["receipt"]): void {
  const { channel, user_id, read = 0, delivered = 0 } = receipt;
  mark(self, channel, user_id, { read, delivered });
}

/** Watermarks only rise. */
function mark(self: Looking, channel: ChannelId, user_id: UserId, told: Receipt): void {
  const marks = self.opened.get(channel);
  const was = marks?.get(user_id) ?? { read: 0, delivered: 0 };
  const read = Math.max(was.read, told.read);
  const now = { read, delivered: Math.max(read, was.delivered, told.delivered) };
  marks?.set(user_id, now);
  self.marked(channel, user_id, now);
  self.notify(`channel:${channel}`);
}

export function takeTyping(self: Looking, { channel, user_id }: Ephemerals["typing"]): void {
  const typists = self.typing.get(channel) ?? new Map<UserId, object>();
  const told = {};
  self.typing.set(channel, typists.set(user_id, told));
  void self.pause(TYPING_LASTS_MS).then(() => {
    if (self.typing.get(channel)?.get(user_id) === told) stopTyping(self, channel, user_id);
  });
  self.emit("typing", { channel, user_id });
  self.notify(`channel:${channel}`);
}

/** Their message is here, or they have been silent. */
export function stopTyping(self: Looking, channel: ChannelId, user_id: UserId): void {
  const typists = self.typing.get(channel);
  if (!typists?.delete(user_id)) return;
  if (typists.size === 0) self.typing.delete(channel);
  self.notify(`channel:${channel}`);
}
