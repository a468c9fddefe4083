/** A list of people to choose from: friends, and whoever one already talks with; others by their whole username. */
import type { Profile, UserId } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { computed, signal } from "@preact/signals";
import type { Context } from "./context.ts";
import { matchesName } from "./name-search.ts";
import { peerOf } from "./presence.ts";
import type { Relation } from "./relations.ts";
import type { Report } from "./report.ts";

const USERNAME = /^[a-z0-9._-]{3,32}$/;

export type Picker = {
  typed: ReadonlySignal<string>;
  type: (text: string) => void;
  /** Those who match what is typed, by name. */
  matches: ReadonlySignal<readonly Profile[]>;
  /** A username that is typed and belongs to nobody in the list: it can be looked up. */
  unknown: ReadonlySignal<string | undefined>;
  /** The username that nobody has, when the last search found nobody. */
  missing: ReadonlySignal<string>;
  /** Looks the typed username up; the field is emptied when somebody has it. */
  find: () => Promise<Profile | undefined>;
  picked: ReadonlySignal<readonly Profile[]>;
  isPicked: (user_id: UserId) => boolean;
  /** In, and out again. */
  toggle: (profile: Profile) => void;
};

/** `without` leaves out who is there already. */
export function createPicker(
  context: Context,
  contacts: Relation,
  report: Report,
  without: () => readonly UserId[] = () => [],
): Picker {
  const { client, people, speech } = context;
  const typed = signal("");
  const missing = signal("");
  const picked = signal<readonly Profile[]>([]);
  const everybody = computed(() => {
    const left = new Set<UserId>([client.user_id, ...without()]);
    const byName = new Intl.Collator(speech.language.value);
    return known(context, contacts)
      .filter(({ user_id, deleted }) => !left.has(user_id) && deleted !== true)
      .toSorted((a, b) => byName.compare(a.name, b.name));
  });
  const username = computed(() => typed.value.trim().replace(/^@/, "").toLowerCase());

  async function find(): Promise<Profile | undefined> {
    const wanted = username.peek();
    let profile: Profile | undefined;
    const answered = await report(client.users.find(wanted).then((found) => (profile = found)));
    if (profile) {
      people.learn([profile]);
      typed.value = "";
    } else if (answered) missing.value = wanted;
    return profile;
  }

  return {
    typed,
    type: (text) => {
      typed.value = text;
      missing.value = "";
    },
    matches: computed(() =>
      everybody.value.filter(
        (profile) =>
          matchesName(profile.name, typed.value) || profile.username.startsWith(username.value),
      ),
    ),
    unknown: computed(() => {
      const wanted = username.value;
      const there = everybody.value.some((profile) => profile.username === wanted);
      return USERNAME.test(wanted) && !there && missing.value !== wanted ? wanted : undefined;
    }),
    missing,
    find,
    picked,
    isPicked: (user_id) => picked.value.some((profile) => profile.user_id === user_id),
    toggle: (profile) => {
      const others = picked.peek().filter(({ user_id }) => user_id !== profile.user_id);
      const there = others.length < picked.peek().length;
      picked.value = there ? others : [...others, profile];
    },
  };
}

function known({ client, live, people }: Context, contacts: Relation): Profile[] {
  live.follow("channels");
  const peers = client.channels().flatMap((channel) => {
    const peer = peerOf(channel, client.user_id);
    const profile = peer === undefined ? undefined : people.profileOf(peer);
    return profile ? [profile] : [];
  });
  const all = [...(contacts.list.value ?? []), ...peers];
  return [...new Map(all.map((profile) => [profile.user_id, profile])).values()];
}
