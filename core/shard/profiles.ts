/**
 * Asks the directory, and says what is assumed of a user while it does not answer. A home is loaded without it, because
 * feeds must go on: what is assumed shows nothing, gives nothing away and loses nothing. Whatever needs to know waits
 * until the directory has answered, or is `unavailable`. Rule D25.
 */
import { putNewest } from "@damso/protocol/bounded";
import type { UserId } from "@damso/protocol/ids";
import type { Directory, Profile } from "../ports/directory.ts";
import type { UserState } from "../user/state.ts";

/** `asked`: of two answers about a user the one that was asked for later is at least as new. */
export type Answer = { profile: Profile | undefined; asked: number };
/** What a home is loaded with. */
export type Known = { profile: Profile; asked: number; assumed: boolean };

export type Asking = {
  /** Rises with every question. */
  asked: number;
  /** Questions that are not answered. */
  waiting: Set<{ ticks: number; giveUp: (error: Error) => void }>;
  /** The last question failed: homes are loaded without one, until one about a home in memory has an answer. */
  failure: { error: unknown } | undefined;
  /** Ticks until that is tried. */
  pause: number;
  /** Homes that are asked about again, those that have waited longest first. */
  assumed: Map<UserId, UserState>;
};

export type Asker = {
  directory: Directory;
  asking: Asking;
  observe: { warned(what: string, error: unknown): void };
};

/** Ticks after which no answer is waited for, and from a failure to the next try. */
const ANSWER_TICKS = 2;
const PAUSE_TICKS = 4;

export function createAsking(): Asking {
  return { asked: 0, waiting: new Set(), pause: 0, failure: undefined, assumed: new Map() };
}

/** Throws when the directory does not answer, soon enough that what waits behind the question does not pile up. */
export async function ask(at: Asker, user_id: UserId): Promise<Answer> {
  const { asking } = at;
  const asked = ++asking.asked;
  const late = Promise.withResolvers<never>();
  const waiting = { ticks: 0, giveUp: late.reject };
  asking.waiting.add(waiting);
  try {
    const profile = await Promise.race([at.directory.profile(user_id), late.promise]);
    asking.failure = undefined;
    return { profile, asked };
  } catch (error) {
    if (!asking.failure) at.observe.warned("directory", error);
    [asking.pause, asking.failure] = [PAUSE_TICKS, { error }];
    throw error;
  } finally {
    asking.waiting.delete(waiting);
  }
}

/** For a home that is being loaded; undefined when there is no such user. */
export async function knownOrAssumed(at: Asker, user_id: UserId): Promise<Known | undefined> {
  if (at.asking.failure) return assumed(user_id);
  const answer = await ask(at, user_id).catch(() => undefined);
  if (!answer) return assumed(user_id);
  const { profile, asked } = answer;
  return profile && { profile, asked, assumed: false };
}

/** Homes that are asked about again by themselves; the others, when it is needed. */
const ASSUMED_MAX = 100_000;

export function noteAssumed({ asking }: Asker, user: UserState): void {
  putNewest(asking.assumed, user.id, user, ASSUMED_MAX);
}

/** True: homes may be asked about again; of a directory that was away, one question after the other. */
export function askingTick({ asking }: Asker): boolean {
  for (const waiting of asking.waiting)
    if (++waiting.ticks > ANSWER_TICKS) waiting.giveUp(new Error("no answer from the directory"));
  if (!asking.failure) return true;
  if (asking.pause > 0) asking.pause--;
  return asking.pause === 0 && asking.waiting.size === 0;
}

/**
 * Nobody sees the presence, no receipt is given, and whoever wants to begin something with the user is not decided on.
 * A push is noted as if there were a device for it, and looked at again when it is due.
 */
function assumed(user_id: UserId): Known {
  const profile: Profile = {
    user_id,
    deleted: false,
    presence: "nobody",
    who_may_message: "nobody",
    receipts: false,
    push: { direct: "all", group: "all" },
    private_push: true,
    has_push: true,
    contacts: new Set(),
    blocks: new Set(),
  };
  return { profile, asked: 0, assumed: true };
}
