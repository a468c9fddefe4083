/**
 * Parts what a decision tells: homes of this shard hear it in the same commit, for the others it becomes one row of
 * `tells` in that commit. Rule D23.
 */
import type { UserId } from "@damso/protocol/ids";
import type { Put } from "../tables.ts";
import { noteTells } from "./checkpoint.ts";
import type { Shard } from "./context.ts";
import type { RemoteMember, RemoteTell, Tell } from "./decision.ts";
import { isHere } from "./here.ts";
import { applyTells } from "./tells.ts";
import { channelView, memberPart } from "./views.ts";

/** A row of `tells` that is committed, or about to be. `size`: the length of its JSON. */
export type AwayRow = { n: number; tells: RemoteTell[]; size: number };

/** Adds the rows of all members to the commit; what comes back is to be forwarded when that is durable. */
export function tellMembers(
  shard: Shard,
  tells: readonly Tell[],
  puts: Put[],
): AwayRow | undefined {
  if (!shard.place) {
    applyTells(shard, tells, puts);
    return undefined;
  }
  const away: RemoteTell[] = [];
  for (const tell of tells) {
    const users = tell.users.filter((user_id) => isHere(shard, user_id));
    if (users.length > 0) applyTells(shard, [{ ...tell, users }], puts);
    if (users.length === tell.users.length) continue;
    away.push(
      toRemote(
        shard,
        tell,
        tell.users.filter((user_id) => !isHere(shard, user_id)),
      ),
    );
  }
  return away.length === 0 ? undefined : putTells(shard, away, puts);
}

function putTells(shard: Shard, tells: RemoteTell[], puts: Put[]): AwayRow {
  const n = shard.forwarder.next();
  noteTells(shard, n, puts);
  const row = { tells };
  const json = JSON.stringify(row);
  puts.push({ table: "tells", key: [shard.shard, n], row, json });
  return { n, tells, size: json.length };
}

function toRemote(shard: Shard, tell: Tell, users: UserId[]): RemoteTell {
  switch (tell.kind) {
    case "message":
    case "updated": {
      const { kind, channel, message } = tell;
      return { kind, channel, users, message };
    }
    case "left":
      return { ...tell, users };
    case "changed":
      return { kind: tell.kind, channel: tell.channel, ...viewFor(shard, tell, users) };
    case "joined": {
      const { kind, channel, seq, visible_from } = tell;
      return { kind, channel, seq, visible_from, ...viewFor(shard, tell, users) };
    }
  }
}

type Viewed = Pick<Extract<RemoteTell, { kind: "changed" }>, "view" | "members">;

/** The channel as decided, with what its owner knows of each of these members. */
function viewFor(shard: Shard, { channel }: Tell, users: readonly UserId[]): Viewed {
  const held = shard.memory.channels.get(channel);
  if (!held) throw new Error(`${channel} is not loaded`);
  const members = users.map((user_id): RemoteMember => {
    const part = memberPart(held, user_id);
    if (!part) throw new Error(`${user_id} is told of ${channel} without being in it`);
    return { user_id, ...part };
  });
  return { view: channelView(held.state), members };
}

export function usersOf(tell: RemoteTell): UserId[] {
  return "users" in tell ? tell.users : tell.members.map(({ user_id }) => user_id);
}

/** The part of a tell that is for these users; undefined when it is for none of them. */
export function partFor(
  tell: RemoteTell,
  isFor: (user_id: UserId) => boolean,
): RemoteTell | undefined {
  if ("users" in tell) {
    const users = tell.users.filter(isFor);
    return users.length > 0 ? { ...tell, users } : undefined;
  }
  const members = tell.members.filter(({ user_id }) => isFor(user_id));
  return members.length > 0 ? { ...tell, members } : undefined;
}
