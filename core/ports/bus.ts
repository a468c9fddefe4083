/**
 * How parts of the server reach each other: direct calls in one process, a message bus in a cluster.
 * Rule D20: live delivery is a hint; a batch may be lost, the feed is the truth.
 */
import type { ChannelId, DeviceId, Pos, SessionId, UserId } from "@damso/protocol/ids";
import type { Signal } from "./signal.ts";
import type { Answers, Command, CommandKind } from "../shard/commands.ts";
import type { Result } from "../result.ts";

export type GatewayId = string;

/** One recipient of an event: the frame is `{"type":T,"pos":N` + shared + tail, so the shared part is encoded once. */
export type Recipient = { user_id: UserId; pos: Pos; tail: string };

/** What a home sends to a gateway about users attached there. */
export type GatewayItem =
  | { kind: "event"; type: string; channel?: ChannelId; shared: string; to: Recipient[] }
  | { kind: "frame"; user_id: UserId; frame: string }
  | { kind: "left"; user_id: UserId; channel: ChannelId }
  | { kind: "revoked"; user_id: UserId; sessions: SessionId[] }
  /** The device has a newer socket at another gateway. `serial`: of the one at this gateway. */
  | { kind: "replaced"; user_id: UserId; device_id: DeviceId; serial: number };

/** An ephemeral frame for the devices that have the channel open, except those of `from`. */
export type TopicFrame = { from?: UserId; frame: string };

export type Bus = {
  /** Asks the owner of the command's shard. */
  request<K extends CommandKind>(command: Command<K>, signal?: Signal): Promise<Result<Answers[K]>>;
  send(gateway: GatewayId, items: readonly GatewayItem[]): void;
  publish(topic: string, frame: TopicFrame): void;
  subscribe(topic: string, listener: (frame: TopicFrame) => void): () => void;
};
