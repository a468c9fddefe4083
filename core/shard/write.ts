/**
 * Takes a decision into the overlay and the next commit, and answers when that is durable.
 * Synchronous from the decision to here: nothing can come between. Rules D1, D2; invariants I3, I22.
 */
import { done, refuse } from "../result.ts";
import type { Result } from "../result.ts";
import type { Put } from "../tables.ts";
import type { Shard } from "./context.ts";
import type { Decision } from "./decision.ts";
import { messageKey } from "./memory.ts";
import type { HeldChannel } from "./memory.ts";
import { newMarks } from "../channel/marks.ts";
import { tellMembers } from "./away.ts";

export type Reply<T> = (result: Result<T>) => void;

const unknown = refuse("unavailable");

export function write<T>(shard: Shard, decision: Decision<T>, reply: Reply<T>): void {
  if (!decision.ok) return answerAfterCommit(shard, decision, reply);
  const { channel, puts, tells } = decision;
  if (channel) hold(shard, channel, puts);
  const away = tells.length > 0 ? tellMembers(shard, tells, puts) : undefined;
  if (puts.length === 0) return answerAfterCommit(shard, done(decision.reply), reply);
  submit(shard, puts, (durable) => {
    reply(durable ? done(decision.reply) : unknown);
    if (durable && away) shard.forwarder.add(away);
  });
}

/** Commits rows together with what was collected for the gateways since the last submit. */
export function submit(shard: Shard, puts: Put[], settle: (durable: boolean) => void): void {
  const send = shard.outgoing.take();
  if (!send) {
    shard.committer.add(puts, settle);
    return;
  }
  shard.committer.add(puts, (durable) => {
    settle(durable);
    if (durable) send();
  });
}

/** A refusal or a duplicate rests on the overlay too: it waits for the commit of what it was decided on. */
export function answerAfterCommit<T>(shard: Shard, result: Result<T>, reply: Reply<T>): void {
  shard.committer.gate((durable) => reply(durable ? result : unknown));
}

/** Resolves when everything decided so far is durable; false when its outcome is unknown. */
export function durable(shard: Shard): Promise<boolean> {
  return new Promise((resolve) => shard.committer.gate(resolve));
}

function hold(shard: Shard, state: HeldChannel["state"], puts: readonly Put[]): void {
  const batch = shard.committer.next();
  const { channels, messages } = shard.memory;
  const held = channels.get(state.id);
  if (held) [held.state, held.batch] = [state, batch];
  else channels.set(state.id, { state, marks: newMarks(), batch });
  for (const put of puts) {
    if (put.table !== "messages" || !put.row) continue;
    messages.set(messageKey(put.key[0], put.key[1]), { message: put.row, batch });
  }
}
