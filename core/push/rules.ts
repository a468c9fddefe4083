/** When a feed entry is worth a notification, and whether it still is when due. Rule D22, invariant I14. */
import type { ChannelId, Pos, Seq, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import type { Profile } from "../ports/directory.ts";
import type { Home } from "../presence/home.ts";
import { hasSeq } from "../user/ranges.ts";
import type { Own } from "../user/state.ts";

/** How long a message may be seen before it is pushed. */
export const PUSH_DELAY_MS = 2000;

/** Whether a message gets a `pushes` row for this user: not one's own, not muted, as the user's levels say. */
export function isPushable(
  profile: Profile,
  own: Own,
  message: Message,
  mention: boolean,
  now: number,
): boolean {
  if (!profile.has_push || message.kind !== "text" || message.sender_id === profile.user_id)
    return false;
  const direct = message.channel.startsWith("d");
  const level = own.push_level ?? (direct ? profile.push.direct : profile.push.group);
  if (level === "none") return false;
  if (level === "mentions" && !mention) return false;
  return mention || !isMuted(own, now);
}

export const isMuted = ({ muted_until }: Own, now: number): boolean =>
  muted_until !== undefined && Date.parse(muted_until) > now;

/** True when the message was read, hidden, left behind, or seen in the foreground before the push was due. */
export function wasSeen(
  own: Own | null | undefined,
  home: Home | undefined,
  seq: Seq,
  pos: Pos,
): boolean {
  if (!own || own.read >= seq || hasSeq(own.hidden, seq) || own.cleared_to >= seq) return true;
  if (!home) return false;
  for (const { active, device_id } of home.attached) {
    if (active && (home.acked.get(device_id) ?? 0) >= pos) return true;
  }
  return false;
}

/** What a due push asks the notifier for. */
export type PushRequest = {
  user_id: UserId;
  pos: Pos;
  channel: ChannelId;
  seq: Seq;
  /** Total of unread messages. */
  badge: number;
  /** Devices that have the entry or its notification, so none is due. */
  seen_by: string[];
  /** How often it was tried before. */
  tries: number;
} & (
  | {
      kind: "message";
      message: Message;
      mention: boolean;
      /** Unread messages of the channel. */
      unread: number;
      /** The user wants neither names nor text in notifications. */
      private: boolean;
      /** Another text of what is shown already. */
      update: boolean;
    }
  /** What is shown of the channel up to `seq` is to go. */
  | { kind: "read" }
  /** Less is unread in all; of no channel. */
  | { kind: "badge" }
);
