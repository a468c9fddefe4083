/** The directory's word about a home in memory: the newest counts, and what was held back for it happens. Rule D25. */
import { deliveredBy } from "../presence/delivered.ts";
import type { UserState } from "../user/state.ts";
import type { Shard } from "./context.ts";
import { ask, askingTick, noteAssumed } from "./profiles.ts";
import type { Answer } from "./profiles.ts";
import { tellWatchers } from "./watchers.ts";

/** Homes that are asked about again in one tick. */
const AGAIN_MAX = 64;

/** Asks about a home whose profile is assumed. Throws when the directory does not answer, or has not just now. */
export async function learn(shard: Shard, user: UserState): Promise<void> {
  const { failure } = shard.asking;
  if (failure) throw failure.error;
  adopt(shard, user, await ask(shard, user.id));
}

/** A word that was asked for earlier than the one that stands may be older: it is passed over. */
export function adopt(shard: Shard, user: UserState, { profile, asked }: Answer): void {
  if (asked <= user.asked) return;
  const wasAssumed = user.assumed;
  // One who never was is as one who is gone: nobody begins anything with him.
  user.profile = profile ?? { ...user.profile, deleted: true };
  user.asked = asked;
  user.assumed = false;
  shard.asking.assumed.delete(user.id);
  const home = shard.memory.homes.get(user.id);
  if (home) tellWatchers(shard, user, home, true);
  if (wasAssumed) giveReceipts(shard, user);
}

/** What the user has read and his devices have got while nobody knew whether he wants it told. */
function giveReceipts(shard: Shard, user: UserState): void {
  const { id: user_id, owed } = user;
  user.owed = new Map();
  if (!user.profile.receipts) return;
  for (const [channel, read] of owed)
    void shard.bus.request({ kind: "mark", user_id, channel, read });
  const home = shard.memory.homes.get(user_id);
  if (!home) return;
  for (const { channel, seq } of deliveredBy(home, Math.max(0, ...home.acked.values())))
    void shard.bus.request({ kind: "mark", user_id, channel, delivered: seq });
}

/** Asks again about some of those whose profile is assumed. Never waits and never throws. */
export function learnTick(shard: Shard): void {
  if (!askingTick(shard)) return;
  const { asking } = shard;
  const most = asking.failure ? 1 : AGAIN_MAX;
  let asked = 0;
  for (const user of asking.assumed.values()) {
    asking.assumed.delete(user.id);
    // One that has left memory is asked about when it is loaded again.
    if (shard.memory.users.get(user.id) !== user) continue;
    learnAgain(shard, user);
    if (++asked === most) return;
  }
  // Nobody is left to try it with: the next home that is loaded does.
  if (asked === 0) asking.failure = undefined;
}

function learnAgain(shard: Shard, user: UserState): void {
  ask(shard, user.id).then(
    (answer) => adopt(shard, user, answer),
    () => {
      if (user.assumed && shard.memory.users.get(user.id) === user) noteAssumed(shard, user);
    },
  );
}
