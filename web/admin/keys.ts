/** What opens the administration, kept for this tab: gone with it, and never in the app's own storage. */
import { getJson } from "../model/keep.ts";
import { keepIn } from "../view/keep-in.ts";

export type Kept =
  | { kind: "token"; token: string }
  | { kind: "session"; access_token: string; refresh_token: string };

export type Keys = { get: () => Kept | undefined; set: (kept: Kept | undefined) => void };

const KEY = "damso.admin";

export function openKeys(storage: () => Storage): Keys {
  const keep = keepIn(storage);
  // Where a browser forbids storage it is asked for again after a reload.
  let kept = getJson<Kept>(keep, KEY);
  return {
    get: () => kept,
    set: (next) => {
      kept = next;
      if (next === undefined) keep.remove(KEY);
      else keep.set(KEY, JSON.stringify(next));
    },
  };
}
