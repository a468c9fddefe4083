/** A link that was followed: what its address says, kept while whoever follows it signs up. */
import type { Keep } from "./keep.ts";
import { getJson } from "./keep.ts";

/** Where an opened link leads. */
export type Link =
  | { kind: "person"; username: string }
  | { kind: "group"; invite: string }
  | { kind: "device"; code: string };

const KEY = "damso.link";

/** What the address of the page says: `?with=username`, `?join=…` or `?device#…`. */
export function linkIn(
  query: { get: (name: string) => string | null },
  hash: string,
): Link | undefined {
  if (query.get("device") !== null) return { kind: "device", code: hash.slice(1) };
  const username = query.get("with");
  if (username !== null) return { kind: "person", username };
  const invite = query.get("join");
  return invite === null ? undefined : { kind: "group", invite };
}

/** Kept for this tab: whoever follows a link may have to sign up first. */
export function keepLink(keep: Keep, link: Link): void {
  keep.set(KEY, JSON.stringify(link));
}

export function keptLink(keep: Keep): Link | undefined {
  return getJson<Link>(keep, KEY);
}

export function forgetLink(keep: Keep): void {
  keep.remove(KEY);
}
