/** Emoji to choose from: grouped, found by name, and those that were chosen last. */
import type { Keep } from "./keep.ts";
import { getJson } from "./keep.ts";
import { matchesName } from "./name-search.ts";

/** The emoji, its name, further words it is found by, and its group. */
export type Emoji = readonly [emoji: string, name: string, tags: string, group: number];
export type EmojiGroup = { group: number; emoji: readonly Emoji[] };

export const QUICK: readonly string[] = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const RECENT_MAX = 18;
const FOUND_MAX = 120;
const KEY = "damso.emoji";

export function inGroups(all: readonly Emoji[]): EmojiGroup[] {
  const groups = [...new Set(all.map(([, , , group]) => group))];
  return groups.map((group) => ({ group, emoji: all.filter((each) => each[3] === group) }));
}

/** Those whose name or words begin with what was typed, names first; initial consonants find Korean ones. */
export function findEmoji(all: readonly Emoji[], typed: string): Emoji[] {
  const byName = all.filter(([, name]) => matchesName(name, typed));
  const named = new Set(byName);
  const byTag = all.filter((each) => !named.has(each) && matchesName(each[2], typed));
  return [...byName, ...byTag].slice(0, FOUND_MAX);
}

export function recentEmoji(keep: Keep): readonly string[] {
  return getJson<string[]>(keep, KEY) ?? [];
}

export function rememberEmoji(keep: Keep, emoji: string): void {
  const others = recentEmoji(keep).filter((each) => each !== emoji);
  keep.set(KEY, JSON.stringify([emoji, ...others].slice(0, RECENT_MAX)));
}
