/** Everything that a device can be asked to do. What is given and answered is plain JSON. */
import type { ChannelId, DeviceId, Pos, Role, Seq, UserId } from "@damso/protocol";
import type { GroupPatch, OwnSettings, SendOptions, Session } from "@damso/sdk";
import type { Place } from "../check/evidence.ts";
import { AWKWARD, longText } from "./corpus.ts";
import { correct, restart, say } from "./device.ts";
import type { Device } from "./device.ts";
import { caughtUp, ended, readAll } from "./settle.ts";
import { talk } from "./talk.ts";
import type { Talk, Talked } from "./talk.ts";

export type Acts = {
  stop: () => Promise<void>;
  restart: () => Promise<void>;
  cut: () => void;
  online: (online: boolean) => void;
  loss: (share: number) => void;
  /** Undefined when it was refused. */
  say: (channel: ChannelId, body: string, options?: SendOptions) => Promise<Place | undefined>;
  /** Without waiting for the answer. */
  mutter: (channel: ChannelId, body: string) => void;
  sayLong: (channel: ChannelId, syllables: number) => Promise<Place | undefined>;
  /** All of the awkward texts, without waiting in between; answers how many. */
  sayAwkward: (channel: ChannelId) => Promise<number>;
  talk: (plan: Talk) => Promise<Talked>;
  edit: (channel: ChannelId, seq: Seq, body: string) => Promise<void>;
  react: (channel: ChannelId, seq: Seq, emoji: string, on: boolean) => Promise<void>;
  set: (channel: ChannelId, settings: OwnSettings) => Promise<void>;
  body: (channel: ChannelId, seq: Seq) => Promise<number>;
  open: (channel: ChannelId) => Promise<void>;
  watch: (users: readonly UserId[]) => void;
  typing: (channel: ChannelId) => void;
  createGroup: (name: string, members: UserId[]) => Promise<ChannelId>;
  updateGroup: (channel: ChannelId, patch: GroupPatch) => Promise<void>;
  addMember: (channel: ChannelId, user_id: UserId, role?: Role) => Promise<void>;
  leave: (channel: ChannelId) => Promise<void>;
  block: (user_id: UserId) => Promise<void>;
  unblock: (user_id: UserId) => Promise<void>;
  removeDevice: (device_id: DeviceId) => Promise<number>;
  session: () => Session;
  /** New messages that this device was told since it began. */
  heard: () => number;
  /** Waits until this position is in the store and nothing is on its way; answers what is missing in the end. */
  caughtUp: (pos: Pos) => Promise<string | undefined>;
  /** Loads every channel from its first visible message on; answers how many messages. */
  readAll: () => Promise<number>;
  /** Waits for the end of the session; answers when it was, in ms since 1970. */
  ended: () => Promise<number>;
};

export function acts(self: Device): Acts {
  return {
    stop: () => self.chat.stop(),
    restart: () => restart(self),
    cut: () => self.wire.cut(),
    online: (online) => self.wire.setOnline(online),
    loss: (share) => self.wire.setLoss(share),
    say: (...message) => say(self, ...message),
    mutter: (channel, body) => void say(self, channel, body),
    sayLong: (channel, syllables) => say(self, channel, longText(syllables)),
    sayAwkward: (channel) => sayAwkward(self, channel),
    talk: (plan) => talk(self, plan),
    edit: (channel, seq, body) => correct(self, channel, seq, body),
    react: (channel, seq, emoji, on) => self.chat.react(channel, seq, emoji, on),
    set: (channel, settings) => self.chat.set(channel, settings),
    body: (channel, seq) => readBody(self, channel, seq),
    open: (channel) => self.chat.open(channel),
    watch: (users) => self.chat.watch(users),
    typing: (channel) => self.chat.typing(channel),
    createGroup: async (name, members) => (await self.chat.createGroup({ name, members })).id,
    updateGroup: (channel, patch) => self.chat.updateGroup(channel, patch),
    addMember: (channel, user_id, role) => self.chat.addMember(channel, user_id, role),
    leave: (channel) => self.chat.leave(channel),
    block: (user_id) => self.chat.blocks.add(user_id),
    unblock: (user_id) => self.chat.blocks.remove(user_id),
    removeDevice: (device_id) => removeDevice(self, device_id),
    session: () => self.session,
    heard: () => [...self.applied.values()].reduce((sum, { length }) => sum + length, 0),
    caughtUp: (pos) => caughtUp(self, pos),
    readAll: () => readAll(self),
    ended: () => ended(self),
  };
}

async function sayAwkward(self: Device, channel: ChannelId): Promise<number> {
  await Promise.all(AWKWARD.map((body) => say(self, channel, body)));
  return AWKWARD.length;
}

async function readBody(self: Device, channel: ChannelId, seq: Seq): Promise<number> {
  const { body = "" } = await self.chat.body(channel, seq);
  self.bodies.push({ channel, seq, body });
  return body.length;
}

/** Answers when the server had answered, in ms since 1970. */
async function removeDevice(self: Device, device_id: DeviceId): Promise<number> {
  await self.chat.devices.remove(device_id);
  return Date.now();
}
