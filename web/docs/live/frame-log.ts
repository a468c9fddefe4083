/** The frames that were heard: the newest few hundred, filtered, and held still while somebody reads. */
import type { ReadonlySignal, Signal } from "@preact/signals";
import { batch, computed, signal } from "@preact/signals";
import type { Json } from "../json.ts";
import { objectOf, textOf } from "../json.ts";
import type { Tapped } from "./tap.ts";

export type Side = "left" | "right";

export type Entry = {
  n: number;
  at: number;
  side: Side;
  way: Tapped["way"];
  type: string;
  /** Parsed, the access token left out; a line's state as text. */
  value: Json;
  /** On the wire, in UTF-8. */
  bytes: number;
};

export type FrameLog = {
  note: (side: Side, heard: Tapped) => void;
  shown: ReadonlySignal<readonly Entry[]>;
  /** Types heard so far, with how many of each are kept. */
  types: ReadonlySignal<readonly (readonly [type: string, count: number])[]>;
  hidden: Signal<ReadonlySet<string>>;
  /** Whose frames; undefined: both. */
  side: Signal<Side | undefined>;
  paused: Signal<boolean>;
  /** Came while paused. */
  waiting: ReadonlySignal<number>;
  resume: () => void;
  clear: () => void;
};

/** Beyond this the oldest leave. */
export const ENTRIES_MAX = 400;
export const HIDDEN_TOKEN = "…";

export function createFrameLog(now: () => number): FrameLog {
  let n = 0;
  const entries = signal<readonly Entry[]>([]);
  const held = signal<readonly Entry[]>([]);
  const hidden = signal<ReadonlySet<string>>(new Set());
  const side = signal<Side | undefined>(undefined);
  const paused = signal(false);
  const add = (to: Signal<readonly Entry[]>, more: readonly Entry[]): void => {
    to.value = [...to.value, ...more].slice(-ENTRIES_MAX);
  };
  return {
    note: (from, heard) => add(paused.value ? held : entries, [entryOf(++n, now(), from, heard)]),
    shown: computed(() =>
      entries.value.filter(
        (entry) =>
          !hidden.value.has(entry.type) && (side.value === undefined || entry.side === side.value),
      ),
    ),
    types: computed(() => counted(entries.value)),
    hidden,
    side,
    paused,
    waiting: computed(() => held.value.length),
    resume: () =>
      batch(() => {
        paused.value = false;
        add(entries, held.value);
        held.value = [];
      }),
    clear: () =>
      batch(() => {
        entries.value = [];
        held.value = [];
      }),
  };
}

function entryOf(n: number, at: number, side: Side, { way, text }: Tapped): Entry {
  const bytes = new TextEncoder().encode(text).length;
  if (way === "line") return { n, at, side, way, type: "line", value: text, bytes: 0 };
  const value = objectOf(parsed(text));
  // A picture of this page must not be a way into the account.
  const shown = "token" in value ? { ...value, token: HIDDEN_TOKEN } : value;
  return { n, at, side, way, type: textOf(value["type"]), value: shown, bytes };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function counted(entries: readonly Entry[]): [type: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { type } of entries) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** The set without the value, or with it. */
export function toggled<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
  const next = new Set(set);
  if (!next.delete(value)) next.add(value);
  return next;
}
