/**
 * Blocking and lifting a block. The direct channel decides, because a block stands in the order of its messages; the list
 * only follows. Rules X10, D8.
 */
import type { AccountsFailure, Listing, Pair } from "@damso/core/ports/accounts";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import { directChannel } from "@damso/protocol/ids";
import { createTurns } from "../auth/turns.ts";
import type { Turns } from "../auth/turns.ts";
import type { ApiDeps } from "./deps.ts";

type Deps = Pick<ApiDeps, "accounts" | "bus" | "clock">;
type Outcome = "ok" | "not_found" | "full";

export type Blocks = {
  put(pair: Listing, signal: AbortSignal): Promise<Result<undefined>>;
  remove(pair: Pair, signal: AbortSignal): Promise<Result<undefined>>;
};

/** Changes of one block that may wait for the one under way; one more is `busy` (I20). */
const WAITING_MAX = 8;
/** Times that another node may change its mind under our hands: nobody clicks that fast. */
const TRIES = 5;

export function createBlocks(deps: Deps): Blocks {
  const inTurn = createInTurn(deps);
  return {
    put: (pair, signal) => inTurn(pair, () => putBlock(deps, pair, signal), signal),
    remove: (pair, signal) => inTurn(pair, () => removeBlock(deps, pair, signal), signal),
  };
}

export function putResult(outcome: Outcome): Result<undefined> {
  if (outcome === "ok") return done(undefined);
  if (outcome === "not_found") return refuse("not_found", "no such user");
  return refuse("forbidden", "the list is as long as it may be");
}

async function putBlock(
  deps: Deps,
  pair: Listing,
  signal: AbortSignal,
): Promise<Result<undefined>> {
  const { users, contacts } = deps.accounts;
  const [other] = await users.byIds([pair.other_id], signal);
  if (!other || other.deleted_at !== null) return putResult("not_found");
  const blocked = await setBlocked(deps, pair, true, signal);
  if (!blocked.ok) return blocked;
  return await open(async () => {
    const outcome = await contacts.putBlock(pair, signal);
    // A block that stands in no list could never be lifted by anyone who looks there.
    const settled = await settle(deps, pair, signal);
    return settled.ok || outcome !== "ok" ? putResult(outcome) : settled;
  });
}

/** The same order: while the channel still blocks, the list says so. */
async function removeBlock(
  deps: Deps,
  pair: Pair,
  signal: AbortSignal,
): Promise<Result<undefined>> {
  const lifted = await setBlocked(deps, pair, false, signal);
  if (!lifted.ok) return lifted;
  return await open(async () => {
    await deps.accounts.contacts.removeBlock(pair, signal);
    return await settle(deps, pair, signal);
  });
}

/**
 * Makes the channel say what the list says. Of two nodes that change one block at once, one may come last to the channel
 * and the other to the list. Whoever has written the list tells the channel what stands there now, and is done when that
 * still stands there afterwards: so behind the last word of the list the channel hears it.
 */
async function settle(deps: Deps, pair: Pair, signal: AbortSignal): Promise<Result<undefined>> {
  const { contacts } = deps.accounts;
  let listed = await contacts.isBlocked(pair, signal);
  for (let tries = 0; tries < TRIES; tries++) {
    const told = await setBlocked(deps, pair, listed, signal);
    if (!told.ok) break;
    const now = await contacts.isBlocked(pair, signal);
    if (now === listed) return done(undefined);
    listed = now;
  }
  return refuse("unavailable");
}

/** Behind the first word to the channel the outcome is open, whatever the store says: `busy` would deny it. Rule P21. */
async function open(work: () => Promise<Result<undefined>>): Promise<Result<undefined>> {
  try {
    return await work();
  } catch (error) {
    const { code } = error as Partial<AccountsFailure>;
    if (code === "busy") return refuse("unavailable");
    throw error;
  }
}

async function setBlocked(
  { bus }: Deps,
  { user_id, other_id }: Pair,
  on: boolean,
  signal: AbortSignal,
): Promise<Result<unknown>> {
  const channel = directChannel(user_id, other_id);
  return await bus.request<"block">({ kind: "block", user_id, channel, on }, signal);
}

type InTurn = (
  pair: Pair,
  work: () => Promise<Result<undefined>>,
  signal: AbortSignal,
) => Promise<Result<undefined>>;

/** One change of a block at a time, at this node. */
function createInTurn({ clock }: Pick<Deps, "clock">): InTurn {
  const places = new Map<string, { turns: Turns; inside: number }>();
  return async ({ user_id, other_id }, work, signal) => {
    if (user_id === other_id) return refuse("not_found", "nobody blocks himself");
    const key = `${user_id}.${other_id}`;
    const place = places.get(key) ?? {
      turns: createTurns({ running_max: 1, waiting_max: WAITING_MAX, clock }),
      inside: 0,
    };
    places.set(key, place);
    place.inside++;
    try {
      const result = await place.turns.run(work, signal);
      return result.ok ? result.value : result;
    } finally {
      if (--place.inside === 0) places.delete(key);
    }
  };
}
