/** Finding people: for a new chat, a new group, or one more member. */
import type { ChannelId, Listed, Profile, UserId } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Context } from "./context.ts";
import type { Report } from "./report.ts";

export type Finder = {
  contacts: ReadonlySignal<readonly Listed[]>;
  /** Who was picked for a group, in order. */
  picked: ReadonlySignal<readonly Profile[]>;
  /** What stands in the field for a username. */
  typed: ReadonlySignal<string>;
  /** The username that nobody has, when the last search found nobody. */
  missing: ReadonlySignal<string>;
  loadContacts: () => Promise<void>;
  type: (text: string) => void;
  find: (username: string) => Promise<Profile | undefined>;
  /** Finds whoever is typed, and empties the field. */
  take: () => Promise<Profile | undefined>;
  pick: (profile: Profile) => void;
  drop: (user_id: UserId) => void;
  /** Of those who were picked and whoever is typed still; when nobody is called that, there is no group yet. */
  createGroup: (name: string) => Promise<ChannelId | undefined>;
};

export function createFinder({ client, people }: Context, report: Report): Finder {
  const contacts = signal<readonly Listed[]>([]);
  const picked = signal<readonly Profile[]>([]);
  const typed = signal("");
  const missing = signal("");

  async function find(text: string): Promise<Profile | undefined> {
    const username = text.trim().replace(/^@/, "").toLowerCase();
    missing.value = "";
    if (username === "") return undefined;
    let profile: Profile | undefined;
    const answered = await report(client.users.find(username).then((found) => (profile = found)));
    if (profile) people.learn([profile]);
    else if (answered) missing.value = username;
    return profile;
  }

  async function take(): Promise<Profile | undefined> {
    const profile = await find(typed.peek());
    if (profile) typed.value = "";
    return profile;
  }

  function pick(profile: Profile): void {
    const known = picked.peek().some(({ user_id }) => user_id === profile.user_id);
    if (!known && profile.user_id !== client.user_id) picked.value = [...picked.peek(), profile];
  }

  return {
    contacts,
    picked,
    typed,
    missing,
    type: (text) => {
      typed.value = text;
      missing.value = "";
    },
    loadContacts: async () => {
      await report(
        client.contacts.list().then((list) => {
          contacts.value = list;
          people.learn(list);
        }),
      );
    },
    find,
    take,
    pick,
    drop: (user_id) => {
      picked.value = picked.peek().filter((profile) => profile.user_id !== user_id);
    },
    createGroup: async (name) => {
      if (typed.peek().trim() !== "") {
        const last = await take();
        if (!last) return undefined;
        pick(last);
      }
      const members = picked.peek().map(({ user_id }) => user_id);
      if (members.length === 0) return undefined;
      const named = name.trim() === "" ? {} : { name: name.trim() };
      let id: ChannelId | undefined;
      await report(client.createGroup({ ...named, members }).then((channel) => (id = channel.id)));
      return id;
    },
  };
}
