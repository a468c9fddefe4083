/** Commands that change a user's own state: read, set, hide, account. One feed entry each. Rules D12, D13. */
import type { ChannelId, Seq, UserId } from "@damso/protocol/ids";
import type { Message } from "@damso/protocol/schema/message";
import { done, refuse } from "../result.ts";
import type { Result } from "../result.ts";
import type { Put } from "../tables.ts";
import { countsAsUnread, decideHide, decideRead, decideSet } from "../user/commands.ts";
import type { OwnDecision } from "../user/commands.ts";
import type { NewEntry } from "../user/feed.ts";
import { hasSeq } from "../user/ranges.ts";
import { cutSpan, spanAt } from "../user/skips.ts";
import type { Skip } from "../user/skips.ts";
import type { UserState } from "../user/state.ts";
import { BEHIND, caughtUp, reaches } from "./catch-up.ts";
import type { CommandOf, Nothing } from "./commands.ts";
import type { Shard } from "./context.ts";
import { isHere } from "./here.ts";
import { inHome } from "./homes.ts";
import { adopt } from "./learn.ts";
import { loadMessage, messageKey } from "./memory.ts";
import { overloaded } from "./overload.ts";
import { ask } from "./profiles.ts";
import { tellEntry } from "./tells.ts";
import { answerAfterCommit, durable, submit } from "./write.ts";

function commitEntry(shard: Shard, user: UserState, entry: NewEntry): Promise<Result<Nothing>> {
  const puts: Put[] = [];
  tellEntry(shard, user, entry, entry.kind, (row) => tailOf(row), puts);
  return new Promise((resolve) =>
    submit(shard, puts, (ok) => resolve(ok ? done({}) : refuse("unavailable"))),
  );
}

/** The fields of a row as the end of an event frame: `,"channel":…}`; what only a replay needs stays out. */
function tailOf(row: object): string {
  const { kind: _kind, set, skip: _skip, rest: _rest, ...fields } = row as Record<string, unknown>;
  return `,${JSON.stringify({ ...fields, ...(set as object | undefined) }).slice(1)}`;
}

function change(
  shard: Shard,
  user_id: UserId,
  channel: ChannelId,
  decide: (user: UserState) => OwnDecision,
): Promise<Result<Nothing>> {
  return inHome(shard, user_id, [channel], (user) => {
    const refused = overloaded(shard);
    if (refused) return refused;
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
  let reader: UserState | undefined;
  const result = await counted(shard, user_id, channel, command.seq, (user, rest) => {
    const decision = decideRead(user.channels.get(channel), channel, command.seq, rest);
    const moved = decision.ok && decision.entry?.kind === "read";
    seq = moved ? Math.min(command.seq, user.channels.get(channel)?.head ?? 0) : 0;
    reader = user;
    return decision;
  });
  if (!result.ok || !reader || seq === 0) return result;
  if (reader.assumed) reader.owed.set(channel, seq);
  // Others learn of it in passing: a receipt is never waited for.
  else if (reader.profile.receipts)
    void shard.bus.request({ kind: "mark", user_id, channel, read: seq });
  return result;
}

export function set(shard: Shard, command: CommandOf<"set">): Promise<Result<Nothing>> {
  const { user_id, channel } = command;
  return counted(shard, user_id, channel, command.set.cleared_to ?? 0, (user, rest) =>
    decideSet(user.channels.get(channel), channel, command.set, rest),
  );
}

/** As `change`, for what moves the read marker to `seq`: the span that it cuts is counted first, if it has to be. */
async function counted(
  shard: Shard,
  user_id: UserId,
  channel: ChannelId,
  seq: Seq,
  decide: (user: UserState, rest: number | undefined) => OwnDecision,
): Promise<Result<Nothing>> {
  if (!isHere(shard, channel) && !(await reaches(shard, user_id, channel, seq))) return BEHIND;
  for (let tries = 0; tries < COUNT_TRIES_MAX; tries++) {
    const cut = await cutOf(shard, user_id, channel, seq);
    const rest = cut && (await countRest(shard, user_id, channel, seq, cut));
    // Rows of another shard may be ahead of what the span counts.
    if (cut && !(await caughtUp(shard, channel))) return BEHIND;
    // What was counted stands only if the span is the same still; else it is counted again.
    let stale = false;
    const result = await change(shard, user_id, channel, (user) => {
      const now = cutSpan(user.channels.get(channel)?.skipped ?? [], seq);
      stale = JSON.stringify(now) !== JSON.stringify(cut);
      return stale ? refuse("busy") : decide(user, rest);
    });
    if (!stale) return result;
  }
  return refuse("busy");
}

const COUNT_TRIES_MAX = 8;

function cutOf(
  shard: Shard,
  user_id: UserId,
  channel: ChannelId,
  seq: Seq,
): Promise<Skip | undefined> {
  return inHome(shard, user_id, [channel], (user) => {
    const span = user && cutSpan(user.channels.get(channel)?.skipped ?? [], seq);
    return span && ([...span] as Skip);
  });
}

const COUNT_PAGE = 200;

/** How many messages of the span above `seq` do not count for the user, from committed rows. */
async function countRest(
  shard: Shard,
  user_id: UserId,
  channel: ChannelId,
  seq: Seq,
  [, to]: Skip,
): Promise<number> {
  // Deletions that the span counts already may be of a commit under way.
  await durable(shard);
  const hidden = await inHome(
    shard,
    user_id,
    [channel],
    (user) => user?.channels.get(channel)?.hidden ?? [],
  );
  let rest = 0;
  for (let from = seq + 1; from <= to; from += COUNT_PAGE) {
    const upto = Math.min(to, from + COUNT_PAGE - 1);
    const rows = await messagesOf(shard, channel, from, upto);
    for (const row of rows) if (!countsAsUnread(row, user_id) || hasSeq(hidden, row.seq)) rest++;
  }
  return rest;
}

/** Committed messages of a channel of this shard or another. Throws when its owner cannot be asked. */
async function messagesOf(
  shard: Shard,
  channel: ChannelId,
  from: Seq,
  to: Seq,
): Promise<Message[]> {
  if (isHere(shard, channel)) {
    const limit = to - from + 1;
    const rows = await shard.store.range("messages", { prefix: [channel], from, to, limit });
    return rows.map(({ row }) => row);
  }
  const seqs = Array.from({ length: to - from + 1 }, (_, i) => from + i);
  const answer = await shard.bus.request({ kind: "messages", channel, seqs });
  if (!answer.ok) throw new Error(`${channel} cannot be read: ${answer.refusal.code}`);
  return answer.value;
}

export function hide(shard: Shard, command: CommandOf<"hide">): Promise<Result<Nothing>> {
  const { user_id, channel, seq } = command;
  if (!isHere(shard, channel)) return hideAway(shard, command);
  const key = messageKey(channel, seq);
  // Held in memory meanwhile, so that a deletion decided after the load is seen.
  return shard.memory.messages.loading(key, async () => {
    const found = await loadMessage(shard, channel, seq);
    return change(shard, user_id, channel, (user) => {
      const message = shard.memory.messages.get(key)?.message ?? found;
      return decideHide(user.channels.get(channel), channel, seq, message, user_id);
    });
  });
}

/**
 * Whether the message counted until now is what the home says, not its owner: a deletion may be told to the home after
 * the owner was asked, or still be on its way. So the home catches up with what it was shown, and whatever changes the
 * span that the message lies in meanwhile has the owner asked again.
 */
async function hideAway(shard: Shard, command: CommandOf<"hide">): Promise<Result<Nothing>> {
  const { user_id, channel, seq } = command;
  const spanOf = (user: UserState | undefined): string =>
    JSON.stringify(spanAt(user?.channels.get(channel)?.skipped ?? [], seq) ?? null);
  for (let tries = 0; tries < COUNT_TRIES_MAX; tries++) {
    const before = await inHome(shard, user_id, [channel], spanOf);
    const [message] = await messagesOf(shard, channel, seq, seq);
    if (!(await caughtUp(shard, channel))) return BEHIND;
    let stale = false;
    const result = await change(shard, user_id, channel, (user) => {
      stale = spanOf(user) !== before;
      const own = user.channels.get(channel);
      return stale ? BEHIND : decideHide(own, channel, seq, message, user_id);
    });
    if (!stale) return result;
  }
  return BEHIND;
}

/** The relational side changed: the home reads the profile anew, and the devices are told. */
export async function account(
  shard: Shard,
  command: CommandOf<"account">,
): Promise<Result<Nothing>> {
  const answer = await ask(shard, command.user_id);
  if (!answer.profile) return refuse("not_found", "no such user");
  return inHome(shard, command.user_id, [], (user) => {
    if (!user || shard.failure) return refuse("unavailable");
    // Of two that run at once, the later question may be answered first.
    adopt(shard, user, answer);
    const entry: NewEntry = { kind: "account", changed: command.changed };
    if (command.about !== undefined) entry.user_id = command.about;
    return commitEntry(shard, user, entry);
  });
}
