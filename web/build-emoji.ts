/** The emoji of the picker, by language: what it shows and searches, and nothing else of a far larger table. */
import type { Emoji } from "./model/emoji.ts";

type Entry = { unicode: string; label: string; tags?: string[]; group?: number; order?: number };

/** Skin tones and hair on their own, which nobody looks for. */
const COMPONENTS = 2;
const LANGUAGES = ["ko", "en"] as const;

export async function emojiFiles(): Promise<Map<string, string>> {
  const files = LANGUAGES.map(async (language) => {
    const path = Bun.resolveSync(`emojibase-data/${language}/compact.json`, import.meta.dir);
    const entries = (await Bun.file(path).json()) as Entry[];
    return [`emoji-${language}.json`, JSON.stringify(toEmoji(entries))] as const;
  });
  return new Map(await Promise.all(files));
}

function toEmoji(entries: readonly Entry[]): Emoji[] {
  return entries
    .filter(({ group }) => group !== undefined && group !== COMPONENTS)
    .toSorted((a, b) => (a.order ?? 0) - (b.order ?? 0))
    .map(({ unicode, label, tags = [], group = 0 }) => [unicode, label, tags.join(" "), group]);
}
