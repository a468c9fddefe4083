/**
 * Shards that have a new owner: whoever has his home there is told of at once, not when his turn comes, and who is watched
 * there is watched anew. Rules D20, R4, I17.
 */
import { onMoved } from "@damso/core/owner/moved";
import { placeOf } from "@damso/core/owner/place";
import type { UserId } from "@damso/protocol/ids";
import type { AttachedUser, Hub, Watch } from "./types.ts";
import { placeAgain } from "./watches.ts";

/** How much of it one tick does. */
const LOOKED_AT_MAX = 20_000;
const PLACED_MAX = 500;

export function followMoves(hub: Hub): void {
  onMoved(hub.bus, ({ shard, shards }) => {
    hub.moved.shards = shards;
    hub.moved.now.add(shard);
    // Placed anew in a moment: nothing of it can have been missed before.
    hub.alive.since.delete(shard);
  });
}

export function takeMoves(hub: Hub): void {
  const { moved } = hub;
  if (moved.now.size > 0) begin(hub);
  if (moved.walk) watchAnew(hub, moved.walk);
}

function begin(hub: Hub): void {
  const { moved } = hub;
  putFirst(hub);
  for (const shard of moved.now) moved.anew.add(shard);
  moved.now.clear();
  // From the beginning: those that were passed already may be of what has moved just now.
  moved.walk = watchesOf(hub);
}

/** Their users stand in front, and are due. */
function putFirst(hub: Hub): void {
  const [first, others]: [AttachedUser[], AttachedUser[]] = [[], []];
  for (const user of hub.users.values())
    (isIn(hub, hub.moved.now, user.user_id) ? first : others).push(user);
  hub.users.clear();
  for (const user of first) user.exchanged_at = Number.NEGATIVE_INFINITY;
  for (const user of [...first, ...others]) hub.users.set(user.user_id, user);
}

function watchAnew(hub: Hub, walk: Iterator<Watch>): void {
  const { moved } = hub;
  let placed = 0;
  for (let looked = 0; looked < LOOKED_AT_MAX && placed < PLACED_MAX; looked++) {
    const { done, value } = walk.next();
    if (done) {
      moved.walk = undefined;
      moved.anew.clear();
      return;
    }
    if (value.holders.size === 0 || !isIn(hub, moved.anew, value.watched)) continue;
    placed++;
    placeAgain(hub, value);
  }
}

function* watchesOf({ watches }: Hub): Generator<Watch, void> {
  for (const mine of watches.values()) yield* mine.values();
}

const isIn = ({ moved }: Hub, shards: ReadonlySet<number>, user_id: UserId): boolean =>
  shards.has(placeOf(user_id, moved.shards));
