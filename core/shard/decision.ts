/**
 * What a decision gives back: the next state, the rows to commit, what to tell the members' homes, and the answer.
 * Nothing of it is visible to anyone before the commit. Rules D1, D2.
 */
import type { ChannelId, Seq, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import type { ChannelState } from "../channel/state.ts";
import type { Refused } from "../result.ts";
import type { Put } from "../tables.ts";
import type { ChannelView, MemberPart } from "./commands.ts";

/** What a channel tells the homes of `users`; each becomes one feed entry of each of them. */
export type Tell =
  | { kind: "joined"; channel: ChannelId; users: readonly UserId[]; seq: Seq; visible_from: Seq }
  | { kind: "changed"; channel: ChannelId; users: readonly UserId[] }
  | {
      kind: "message";
      channel: ChannelId;
      users: readonly UserId[];
      message: Message;
      json: string;
    }
  | {
      kind: "updated";
      channel: ChannelId;
      users: readonly UserId[];
      message: Message;
      json: string;
    }
  | {
      kind: "left";
      channel: ChannelId;
      users: readonly UserId[];
      reason: "left" | "removed" | "deleted";
    };

export type RemoteMember = MemberPart & { user_id: UserId };

/** A tell on its way to homes of other shards: as `tells` keeps it and `feed` carries it. Body and view are in it once. */
export type RemoteTell =
  | {
      kind: "joined";
      channel: ChannelId;
      members: RemoteMember[];
      seq: Seq;
      visible_from: Seq;
      view: ChannelView;
    }
  | { kind: "changed"; channel: ChannelId; members: RemoteMember[]; view: ChannelView }
  | { kind: "message"; channel: ChannelId; users: UserId[]; message: Message }
  | { kind: "updated"; channel: ChannelId; users: UserId[]; message: Message }
  | {
      kind: "left";
      channel: ChannelId;
      users: UserId[];
      reason: "left" | "removed" | "deleted";
    };

export type Decided<T> = {
  ok: true;
  reply: T;
  puts: Put[];
  tells: Tell[];
  /** The channel after it; absent when nothing changed. */
  channel?: ChannelState;
};

export type Decision<T> = Decided<T> | Refused;

/** An answer that changes nothing. */
export function answer<T>(reply: T): Decided<T> {
  return { ok: true, reply, puts: [], tells: [] };
}
