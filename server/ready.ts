/** Why a load balancer should look elsewhere. Never throws, and answers within a second whatever the stores do. */
import type { Accounts } from "@damso/core/ports/accounts";
import type { Timers } from "./gateway/timers.ts";
import { inTime } from "./in-time.ts";

const ANSWER_MS_MAX = 1000;

export type ReadyDeps = {
  draining(): boolean;
  /** Why the shard cannot write, if so. */
  shardFailure(): unknown;
  accounts: { outbox: Pick<Accounts["outbox"], "take"> };
  timers: Pick<Timers, "after">;
};

/** The reasons; none: clients may be sent here. */
export async function unready(deps: ReadyDeps): Promise<string[]> {
  const reasons: string[] = [];
  if (deps.draining()) reasons.push("draining");
  if (deps.shardFailure() !== undefined) reasons.push("the store cannot be written to");
  if (!(await accountsAnswer(deps))) reasons.push("the accounts store does not answer");
  return reasons;
}

/** Asks for the least that every engine has to read. */
function accountsAnswer({ accounts, timers }: ReadyDeps): Promise<boolean> {
  const read = (signal: AbortSignal): Promise<boolean> =>
    accounts.outbox.take(1, signal).then(
      () => true,
      () => false,
    );
  return inTime(timers, ANSWER_MS_MAX, read, () => false);
}
