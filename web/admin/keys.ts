/** What opens the administration, kept for this tab: gone with it, and never in the app's own storage. */
export type Kept =
  | { kind: "token"; token: string }
  | { kind: "session"; access_token: string; refresh_token: string };

export type Keys = { get: () => Kept | undefined; set: (kept: Kept | undefined) => void };

const KEY = "damso.admin";

export function openKeys(storage: () => Storage): Keys {
  let kept = read(storage);
  return {
    get: () => kept,
    set: (next) => {
      kept = next;
      try {
        if (next === undefined) storage().removeItem(KEY);
        else storage().setItem(KEY, JSON.stringify(next));
      } catch {
        // A browser that forbids storage asks again after a reload.
      }
    },
  };
}

function read(storage: () => Storage): Kept | undefined {
  try {
    return (JSON.parse(storage().getItem(KEY) ?? "null") as Kept | null) ?? undefined;
  } catch {
    return undefined;
  }
}
