/** Commands that change a user's own state: read, set, hide, account. One feed entry each. Rules D12, D13. */
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { done, refuse } from "../result.ts";
import type { Result } from "../result.ts";
import type { Put } from "../tables.ts";
import { decideHide, decideRead, decideSet } from "../user/commands.ts";
import type { OwnDecision } from "../user/commands.ts";
import type { NewEntry } from "../user/feed.ts";
import type { UserState } from "../user/state.ts";
import type { CommandOf, Nothing } from "./commands.ts";
import type { Shard } from "./context.ts";
import { loadHome } from "./memory.ts";
import { tellEntry } from "./tells.ts";
import { answerAfterCommit, submit } from "./write.ts";

/**
 * Runs `then` on the home with these channels in memory, or on undefined when there is no such user. It runs in the
 * turn of the check: after an await the home may have left memory, and what is done to it then would be done to no one.
 */
export async function inHome<T>(
  shard: Shard,
  user_id: UserId,
  channels: readonly ChannelId[],
  then: (user: UserState | undefined) => T | Promise<T>,
): Promise<T> {
  for (;;) {
    const held = shard.memory.users.get(user_id);
    if (held && channels.every((channel) => held.channels.has(channel))) return then(held);
    if (!(await loadHome(shard, user_id, channels))) return then(undefined);
  }
}

/** The home for reading; undefined when there is no such user. */
export function loaded(
  shard: Shard,
  user_id: UserId,
  channels: readonly ChannelId[] = [],
): Promise<UserState | undefined> {
  return inHome(shard, user_id, channels, (user) => user);
}

function commitEntry(shard: Shard, user: UserState, entry: NewEntry): Promise<Result<Nothing>> {
  const puts: Put[] = [];
  tellEntry(shard, user, entry, entry.kind, (row) => tailOf(row), puts);
  return new Promise((resolve) =>
    submit(shard, puts, (ok) => resolve(ok ? done({}) : refuse("unavailable"))),
  );
}

/** The fields of a row as the end of an event frame: `,"channel":…}`. */
function tailOf(row: object): string {
  const { kind: _kind, set, ...fields } = row as { kind: string; set?: object };
  return `,${JSON.stringify({ ...fields, ...set }).slice(1)}`;
}

function change(
  shard: Shard,
  user_id: UserId,
  channel: ChannelId,
  decide: (user: UserState) => OwnDecision,
): Promise<Result<Nothing>> {
  return inHome(shard, user_id, [channel], (user) => {
    if (shard.failure) return refuse("unavailable");
    if (!user) return refuse("not_found", "no such user");
    const decision = decide(user);
    if (decision.ok && decision.entry) return commitEntry(shard, user, decision.entry);
    return new Promise((resolve) =>
      answerAfterCommit(shard, decision.ok ? done({}) : decision, resolve),
    );
  });
}

export async function read(shard: Shard, command: CommandOf<"read">): Promise<Result<Nothing>> {
  const { user_id, channel } = command;
  let seq = 0;
  const result = await change(shard, user_id, channel, (user) => {
    const decision = decideRead(user.channels.get(channel), channel, command.seq);
    if (decision.ok && decision.entry?.kind === "read") seq = decision.entry.seq;
    return decision;
  });
  if (result.ok && seq > 0 && shard.memory.users.get(user_id)?.profile.receipts !== false) {
    // Others learn of it in passing: a receipt is never waited for.
    void shard.bus.request({ kind: "mark", user_id, channel, read: seq });
  }
  return result;
}

export function set(shard: Shard, command: CommandOf<"set">): Promise<Result<Nothing>> {
  const { user_id, channel } = command;
  return change(shard, user_id, channel, (user) =>
    decideSet(user.channels.get(channel), channel, command.set),
  );
}

export function hide(shard: Shard, command: CommandOf<"hide">): Promise<Result<Nothing>> {
  const { user_id, channel, seq } = command;
  return change(shard, user_id, channel, (user) =>
    decideHide(user.channels.get(channel), channel, seq),
  );
}

/** The relational side changed: the home reads the profile anew, and the devices are told. */
export async function account(
  shard: Shard,
  command: CommandOf<"account">,
): Promise<Result<Nothing>> {
  const profile = await shard.directory.profile(command.user_id);
  if (!profile) return refuse("not_found", "no such user");
  return inHome(shard, command.user_id, [], (user) => {
    if (!user || shard.failure) return refuse("unavailable");
    user.profile = profile;
    const entry: NewEntry = { kind: "account", changed: command.changed };
    if (command.about !== undefined) entry.user_id = command.about;
    return commitEntry(shard, user, entry);
  });
}
