/**
 * What channels of other shards tell homes of this one: applied in the order of their rows, each row once, together
 * with the note that it was, in one commit. Rule D23; invariants I7, I10.
 */
import type { ChannelId, UserId } from "@damso/protocol/ids";
import { done, refuse } from "../result.ts";
import type { Result } from "../result.ts";
import type { Put } from "../tables.ts";
import { usersOf } from "./away.ts";
import type { CommandOf, Nothing, NumberedTells } from "./commands.ts";
import { BUSY_RETRY_MS } from "./context.ts";
import type { Shard } from "./context.ts";
import type { RemoteTell } from "./decision.ts";
import { loadHome } from "./memory.ts";
import { overloaded } from "./overload.ts";
import { tellChannel, tellLeft, tellMessage, tellUpdated } from "./tells.ts";
import { joinView } from "./views.ts";
import { answerAfterCommit, submit } from "./write.ts";

/** A batch is loaded for at most so many times; more means that memory is too small for it at the moment. */
const PASSES_MAX = 6;

type Feed = CommandOf<"feed">;
type Reply = (result: Result<Nothing>) => void;

/** Acknowledged when the whole batch is durable here, whichever copy of it brought that about. */
export function feed(shard: Shard, command: Feed): Promise<Result<Nothing>> {
  const refused = command.shard === shard.shard ? overloaded(shard) : refuse("unavailable");
  if (refused) return Promise.resolve(refused);
  return new Promise((resolve) => {
    if (isKnown(shard, command)) answerAfterCommit(shard, done({}), resolve);
    else shard.lanes.enter(`tells/${command.source}`, () => loadAndApply(shard, command, resolve));
  });
}

function isKnown(shard: Shard, { source, tells }: Feed): boolean {
  return (tells.at(-1)?.n ?? 0) <= shard.fed.of(source);
}

async function loadAndApply(shard: Shard, command: Feed, reply: Reply): Promise<void> {
  const absent = new Set<UserId>();
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    // The store may have failed while this batch waited: what is applied has to be read again first.
    if (shard.failure) return reply(refuse("unavailable"));
    const wanted = missingHomes(shard, unknownOf(shard, command), absent);
    // Applied in the turn of the check: after an await a home may have left memory, or another copy have come.
    if (wanted.size === 0) return apply(shard, command, reply);
    try {
      await Promise.all([...wanted].map((want) => load(shard, want, absent)));
    } catch (error) {
      shard.observe.warned("load", error);
      return reply(refuse("unavailable"));
    }
  }
  reply(refuse("busy", undefined, BUSY_RETRY_MS));
}

function unknownOf(shard: Shard, { source, tells }: Feed): NumberedTells[] {
  const known = shard.fed.of(source);
  return tells.filter(({ n }) => n > known);
}

function missingHomes(
  shard: Shard,
  rows: readonly NumberedTells[],
  absent: ReadonlySet<UserId>,
): Map<UserId, ChannelId[]> {
  const wanted = new Map<UserId, ChannelId[]>();
  for (const tell of rows.flatMap(({ tells }) => tells)) {
    for (const user_id of usersOf(tell)) {
      if (absent.has(user_id) || shard.memory.users.get(user_id)?.channels.has(tell.channel))
        continue;
      const channels = wanted.get(user_id);
      if (channels) channels.push(tell.channel);
      else wanted.set(user_id, [tell.channel]);
    }
  }
  return wanted;
}

async function load(
  shard: Shard,
  [user_id, channels]: [UserId, ChannelId[]],
  absent: Set<UserId>,
): Promise<void> {
  if (!(await loadHome(shard, user_id, channels))) absent.add(user_id);
}

function apply(shard: Shard, command: Feed, reply: Reply): void {
  const rows = unknownOf(shard, command);
  const upto = rows.at(-1)?.n;
  if (upto === undefined) return answerAfterCommit(shard, done({}), reply);
  const { source } = command;
  const puts: Put[] = [];
  for (const { tells } of rows) for (const tell of tells) applyOne(shard, tell, puts);
  puts.push({ table: "fed", key: [shard.shard, source], row: { n: upto } });
  shard.fed.set(source, upto);
  submit(shard, puts, (ok) => reply(ok ? done({}) : refuse("unavailable")));
}

/** The same steps as for a channel of this shard. */
function applyOne(shard: Shard, tell: RemoteTell, puts: Put[]): void {
  switch (tell.kind) {
    case "message":
      return tellMessage(shard, { ...tell, ...toMembers(shard, tell) }, puts);
    case "updated":
      return tellUpdated(shard, { ...tell, ...toMembers(shard, tell) }, puts);
    case "left":
      return tellLeft(shard, { ...tell, users: atHome(shard, tell) }, puts);
    case "joined":
    case "changed": {
      const parts = new Map(tell.members.map(({ user_id, ...part }) => [user_id, part]));
      const users = atHome(shard, tell);
      const told = { ...tell, users };
      return tellChannel(
        shard,
        told,
        (user_id) => {
          const part = parts.get(user_id);
          return part && joinView(tell.view, part);
        },
        puts,
      );
    }
  }
}

/** Users whose homes were loaded; one whom the directory never had is left out. */
function atHome(shard: Shard, tell: RemoteTell): UserId[] {
  return usersOf(tell).filter((user_id) => shard.memory.users.get(user_id));
}

/**
 * Members only, as this shard knows them. Who is none here although the channel's owner says so is the victim of a
 * store that was restored alone: that is an alarm, and no reason to hold up everybody else's feeds.
 */
function toMembers(
  shard: Shard,
  tell: Extract<RemoteTell, { kind: "message" | "updated" }>,
): { users: UserId[]; json: string } {
  const users = atHome(shard, tell).filter((user_id) => {
    if (shard.memory.users.get(user_id)?.channels.get(tell.channel)) return true;
    const place = `${tell.channel}/${tell.message.seq}`;
    shard.observe.warned("feed", new Error(`${user_id} is told of ${place} without being in it`));
    return false;
  });
  return { users, json: JSON.stringify(tell.message) };
}
