/** Who is a member at which seq, read off the system messages of the history. Rules D5, D6. */
import type { ChannelId, Message, Seq, UserId } from "@damso/protocol";
import { directMembers } from "@damso/protocol/ids";
import type { GroupActs } from "./evidence.ts";

/** One stay in a channel: a member from `joined` to `to`, of which the messages from `from` on are visible. */
export type Stay = { joined: Seq; from: Seq; to: Seq };

export type Stays = ReadonlyMap<UserId, readonly Stay[]>;

const LASTING = Number.POSITIVE_INFINITY;

/** A direct channel has its two members for ever; a group's come and go with its system messages. */
export function staysIn(
  channel: ChannelId,
  history: readonly Message[],
  keeps: GroupActs["history"],
): Stays {
  const stays = new Map<UserId, Stay[]>();
  const pair = directMembers(channel);
  for (const user_id of pair ?? []) stays.set(user_id, [{ joined: 1, from: 1, to: LASTING }]);
  if (pair !== undefined) return stays;
  for (const { seq, system } of history) {
    if (system === undefined) continue;
    const users = system.users ?? [];
    if (system.event === "created" || system.event === "joined") {
      const from = keeps === "all" ? 1 : seq;
      for (const user_id of users) {
        stays.set(user_id, [...(stays.get(user_id) ?? []), { joined: seq, from, to: LASTING }]);
      }
    }
    if (system.event === "left" || system.event === "removed") {
      for (const user_id of users) {
        const last = stays.get(user_id)?.at(-1);
        if (last !== undefined) last.to = seq - 1;
      }
    }
  }
  return stays;
}

export function isMemberAt(stays: readonly Stay[], seq: Seq): boolean {
  return stays.some(({ joined, to }) => joined <= seq && seq <= to);
}

/** Whether any of the stays ever showed this seq. */
export function couldSee(stays: readonly Stay[], seq: Seq): boolean {
  return stays.some(({ from, to }) => from <= seq && seq <= to);
}

/** The stay that lasts to the end, when there is one. */
export function lasting(stays: readonly Stay[]): Stay | undefined {
  return stays.find(({ to }) => to === LASTING);
}
