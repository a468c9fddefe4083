/** What is noted of one device while the play goes on, small enough to be sent at the end. */
import type { ChannelId, ClientId, Message, Pos } from "@damso/protocol";
import type { Entry, Place, SyncPage } from "../check/evidence.ts";

/** Texts of one process, each kept once: many devices see the same messages. */
export type Texts = { all: string[]; index: (text: string) => number };

export function texts(): Texts {
  const places = new Map<string, number>();
  const all: string[] = [];
  return {
    all,
    index: (text) => {
      const known = places.get(text);
      if (known !== undefined) return known;
      places.set(text, all.length);
      return all.push(text) - 1;
    },
  };
}

export type Notes = {
  sight: (message: Message) => void;
  /** Of a position that is told twice, the same way, one is kept. */
  entry: (entry: Entry) => void;
  /** Indexes into the texts of the process. */
  seen: Set<number>;
  entries: Set<number>;
  pages: SyncPage[];
  answers: Map<ClientId, Place[]>;
  transmitted: Map<ClientId, number>;
  whispers: Set<ChannelId>;
  /** The head of the feed at the first welcome. */
  start: Pos | undefined;
};

export function notes({ index }: Texts): Notes {
  const seen = new Set<number>();
  const entries = new Set<number>();
  return {
    sight: (message) => void seen.add(index(JSON.stringify(message))),
    entry: (entry) => void entries.add(index(JSON.stringify(entry))),
    seen,
    entries,
    pages: [],
    answers: new Map(),
    transmitted: new Map(),
    whispers: new Set(),
    start: undefined,
  };
}
