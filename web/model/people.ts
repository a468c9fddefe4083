/** Who people are: profiles by id, asked for when first shown and kept for the next start. */
import type { Client, Profile, UserId } from "@damso/sdk";
import type { Signal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Keep } from "./keep.ts";
import { getJson } from "./keep.ts";
import type { Speech } from "./language.ts";

const KEPT_MAX = 300;
/** Profiles asked for at a time. */
const ASKED_MAX = 6;

export type People = {
  /** The name to show; a placeholder while it is being fetched. */
  nameOf: (user_id: UserId) => string;
  profileOf: (user_id: UserId) => Profile | undefined;
  /** Takes in profiles that came by another road. */
  learn: (profiles: readonly Profile[]) => void;
  /** Asks again: the profile may have changed. */
  refresh: (user_id: UserId) => void;
  /** Asks for those anew that are known from an earlier start only, each once, and for whom it asked in vain. */
  renew: (users: readonly UserId[]) => void;
};

/** Without the signs that turn the words after it around (Unicode Standard Annex 9), which no name needs. */
export function plainName(name: string): string {
  return name.replace(/[\u202a-\u202e\u2066-\u2069]/g, "");
}

export function createPeople(
  client: Pick<Client, "users">,
  speech: Speech,
  keep: Keep,
  key: string,
): People {
  const kept = getJson<Profile[]>(keep, key) ?? [];
  const known = new Map<UserId, Signal<Profile | undefined>>(
    kept.map((profile) => [profile.user_id, signal(profile)]),
  );
  const old = new Set(kept.map(({ user_id }) => user_id));
  /** Asked for in vain. */
  const missing = new Set<UserId>();
  const queue: UserId[] = [];
  let asking = 0;

  function learn(profiles: readonly Profile[]): void {
    for (const profile of profiles) {
      old.delete(profile.user_id);
      slot(profile.user_id).value = profile;
    }
    const all = [...known.values()].flatMap(({ value }) => (value ? [value] : []));
    keep.set(key, JSON.stringify(all.slice(-KEPT_MAX)));
  }

  function slot(user_id: UserId): Signal<Profile | undefined> {
    const found = known.get(user_id);
    if (found) return found;
    const fresh = signal<Profile | undefined>(undefined);
    known.set(user_id, fresh);
    return fresh;
  }

  function ask(user_id: UserId): void {
    if (!queue.includes(user_id)) queue.push(user_id);
    work();
  }

  function work(): void {
    if (asking >= ASKED_MAX) return;
    const next = queue.shift();
    if (next === undefined) return;
    asking += 1;
    client.users
      .get(next)
      .then((profile) => learn([profile]))
      // Shown as somebody until the next time that the name is needed, or the next connection.
      .catch(() => known.get(next)?.peek() ?? missing.add(next))
      .finally(() => {
        asking -= 1;
        work();
      });
  }

  function profileOf(user_id: UserId): Profile | undefined {
    if (missing.delete(user_id) || !known.has(user_id)) ask(user_id);
    return slot(user_id).value;
  }

  return {
    profileOf,
    nameOf: (user_id) => {
      const profile = profileOf(user_id);
      if (profile === undefined) return speech.strings.value.someone;
      if (profile.deleted === true) return speech.strings.value.deletedUser;
      return plainName(profile.name);
    },
    learn,
    refresh: ask,
    renew: (users) => {
      for (const user_id of users) if (old.delete(user_id)) ask(user_id);
      for (const user_id of missing) if (missing.delete(user_id)) ask(user_id);
    },
  };
}
