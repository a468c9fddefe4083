/** Everything that was collected in a run, as plain data: what the checks look at, and nothing else. */
import type { Channel, ChannelId, ClientId, Message, Pos, Seq, UserId } from "@damso/protocol";

/** Where an answer says that a message stands. */
export type Place = Pick<Message, "seq" | "message_id" | "created_at">;

/** One message that somebody meant to send, whatever became of it. */
export type Send = {
  /** Such as `Mina's phone`. */
  device: string;
  user_id: UserId;
  channel: ChannelId;
  client_id: ClientId;
  body: string;
  /** Rises with every send of the device. */
  order: number;
  /** The highest seq of the channel that the device knew when it was asked to send. */
  seen: Seq;
  reply_to?: Seq;
  /** How often the frame left the device. */
  transmitted: number;
  /** Every `sent` frame that came back. */
  answers: readonly Place[];
  /** What the SDK told the app in the end: one of the two. */
  sent?: Place;
  refused?: string;
};

/** A change of a text, after which `body` may be seen. `head`: the newest seq that the editor knew before. */
export type Edit = {
  device: string;
  channel: ChannelId;
  seq: Seq;
  body: string;
  head: Seq;
  refused?: string;
};

/** What was asked of a group and answered with yes, in order. */
export type GroupActs = {
  channel: ChannelId;
  history: "from_join" | "all";
  created: readonly UserId[];
  changes: readonly { event: "joined" | "left" | "removed"; user_id: UserId }[];
};

/** Somebody who was told things: one device, or one account read by plain HTTP. */
export type Viewer = {
  name: string;
  user_id: UserId;
  /** Every state of every message that came by, on whatever way. */
  seen: readonly Message[];
};

/** One entry of a feed: its position and what it is about. */
export type Entry = { pos: Pos; type: string; channel?: ChannelId; seq?: Seq };

/** A page of missed events: asked for after `after`, `poses` came. */
export type SyncPage = {
  after: Pos;
  poses: readonly Pos[];
  head: Pos;
  more: boolean;
  reset: boolean;
};

/** `kept`: there from the beginning to the end. `fresh`: signed in at the end. `ended`: logged out on the way. */
export type DeviceKind = "kept" | "fresh" | "ended";

export type DeviceRecord = Viewer & {
  kind: DeviceKind;
  /** The head of the feed when the device began. */
  start: Pos;
  /** The position in its store. */
  pos: Pos;
  /** The feed as the server told it, ascending; of a position that was told twice, both if they differ. */
  entries: readonly Entry[];
  pages: readonly SyncPage[];
  /** Seqs of new messages in the order in which the app was told. */
  applied: ReadonlyMap<ChannelId, readonly Seq[]>;
  /** Channels named by typing and receipts. */
  whispers: readonly ChannelId[];
  /** What its store holds at the end. */
  channels: readonly Channel[];
  messages: ReadonlyMap<ChannelId, readonly Message[]>;
  /** Long texts that were read whole. */
  bodies: readonly { channel: ChannelId; seq: Seq; body: string }[];
};

/** One account at the end, read by plain HTTP. */
export type Reading = Viewer & {
  head: Pos;
  feed: readonly Entry[];
  channels: readonly Channel[];
  /** The histories of its channels, page after page. Of quiet accounts none is read. */
  pages: ReadonlyMap<ChannelId, readonly Message[]>;
};

/** A call that must be answered with one of the codes `expected`; `ok` is one. */
export type Door = {
  /** The invariant that says so. */
  rule: "I4" | "I9" | "I17" | "I19" | "I22";
  tried: string;
  expected: readonly string[];
  got: string;
};

/** A device that was away while so many new messages arrived at its user's other devices. */
export type Absence = { device: string; messages: number; planned: number };

export type Evidence = {
  names: ReadonlyMap<UserId, string>;
  sends: readonly Send[];
  edits: readonly Edit[];
  groups: readonly GroupActs[];
  /** Each channel from seq 1 on, read by plain HTTP by a member who sees all of it. */
  history: ReadonlyMap<ChannelId, readonly Message[]>;
  /** Texts of long messages, read whole by plain HTTP: `channel/seq` to body. */
  bodies: ReadonlyMap<string, string>;
  readings: readonly Reading[];
  devices: readonly DeviceRecord[];
  doors: readonly Door[];
  absences: readonly Absence[];
  /** Devices that did not come to rest in time, each with what was missing. */
  restless: readonly string[];
  /** Milliseconds from the answer to a remote log-out to the end of that device. */
  log_outs: readonly { device: string; ms: number }[];
};
