/** Going to a chat by its name. */
import type { Row } from "./chat-list.ts";
import { matchesName } from "./name-search.ts";

const SHOWN_MAX = 30;

/** The chats whose name is begun by what was typed, as they stand in the list; all of them while nothing is typed. */
export function findChats(rows: readonly Row[], typed: string): readonly Row[] {
  if (typed.trim() === "") return rows.slice(0, SHOWN_MAX);
  return rows.filter(({ name }) => matchesName(name, typed)).slice(0, SHOWN_MAX);
}

/** For going away from the open chat: the unread ones first, the open one last. */
export function inOrderOfNeed(rows: readonly Row[], open: string | undefined): readonly Row[] {
  const need = (row: Row): number => (row.id === open ? 2 : row.unread > 0 && !row.muted ? 0 : 1);
  return rows.toSorted((a, b) => need(a) - need(b));
}

/** The chat that stands so many rows away from the open one; the first or last when none is open. */
export function neighbour(
  rows: readonly Row[],
  open: string | undefined,
  step: 1 | -1,
): Row | undefined {
  const here = rows.findIndex(({ id }) => id === open);
  if (here === -1) return step === 1 ? rows[0] : rows.at(-1);
  return rows[here + step];
}

/** The next chat below the open one that has something new, around the end. */
export function nextUnread(rows: readonly Row[], open: string | undefined): Row | undefined {
  const here = rows.findIndex(({ id }) => id === open);
  const around = [...rows.slice(here + 1), ...rows.slice(0, Math.max(0, here))];
  return around.find(({ unread, muted }) => unread > 0 && !muted);
}
