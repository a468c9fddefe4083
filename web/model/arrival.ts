/** What is shown first to whoever has just come: the way in after a sign-up, or what the link leads to. */
import type { UserId } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Keep } from "./keep.ts";
import type { Link } from "./link.ts";
import { forgetLink, keepLink, keptLink } from "./link.ts";

export type Arrival = {
  /** The link that was followed and not answered yet. */
  link: ReadonlySignal<Link | undefined>;
  /** Whoever has just signed up is shown around once. */
  isNew: (user_id: UserId) => boolean;
  greet: (user_id: UserId) => void;
  /** The round is over, or was not wanted. */
  settled: () => void;
  answered: () => void;
};

const KEY = "damso.new";

/** `tabKeep`: what was followed or begun in this tab is over with it. */
export function createArrival(tabKeep: Keep, followed: Link | undefined): Arrival {
  if (followed) keepLink(tabKeep, followed);
  const link = signal(keptLink(tabKeep));
  const fresh = signal(tabKeep.get(KEY));
  return {
    link,
    isNew: (user_id) => fresh.value === user_id,
    greet: (user_id) => {
      fresh.value = user_id;
      tabKeep.set(KEY, user_id);
    },
    settled: () => {
      fresh.value = undefined;
      tabKeep.remove(KEY);
    },
    answered: () => {
      link.value = undefined;
      forgetLink(tabKeep);
    },
  };
}
