/**
 * The keys that do something wherever the focus is, and their rebinding, kept on this device.
 * A chord is written as its modifiers and a Latin letter (`Mod+K`); where a layout types others, as that of Hangul does, the
 * place of the key on the keyboard counts. `Mod` is the Command key on Apple's machines and Control elsewhere.
 */
import type { ReadonlySignal } from "@preact/signals";
import { computed, signal } from "@preact/signals";
import type { Keep } from "./keep.ts";
import { getJson } from "./keep.ts";

export const KEY_ACTIONS = [
  "switcher",
  "search",
  "search_all",
  "next_chat",
  "previous_chat",
  "next_unread",
  "new_chat",
  "mute",
  "to_field",
  "to_list",
  "to_newest",
] as const;
export type KeyAction = (typeof KEY_ACTIONS)[number];
export type Chord = string;

export const DEFAULT_CHORDS: Readonly<Record<KeyAction, Chord>> = {
  switcher: "Mod+K",
  search: "Mod+F",
  search_all: "Mod+Shift+F",
  next_chat: "Alt+ArrowDown",
  previous_chat: "Alt+ArrowUp",
  next_unread: "Alt+Shift+ArrowDown",
  new_chat: "Alt+N",
  mute: "Alt+M",
  to_field: "Alt+W",
  to_list: "Alt+L",
  to_newest: "Alt+End",
};

/** What a keyboard event tells. */
export type Press = {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
};

/** `taken`: another action has this chord; `plain`: without a modifier it would be typed. */
export type Rebound = "ok" | "taken" | "plain";

export type KeyMap = {
  chords: ReadonlySignal<Readonly<Record<KeyAction, Chord>>>;
  actionOf: (press: Press) => KeyAction | undefined;
  rebind: (action: KeyAction, chord: Chord) => Rebound;
  /** Back to what it was made with, for one action or all. */
  reset: (action?: KeyAction) => void;
  /** The chord of a press; undefined while only modifiers are down. */
  chordOf: (press: Press) => Chord | undefined;
  /** As it stands on the keys: `⌘K`, `Ctrl+K`. */
  shown: (chord: Chord) => string;
};

const KEY = "damso.keys";
const MODIFIERS = new Set(["Control", "Meta", "Alt", "Shift", "AltGraph", "CapsLock"]);
const APPLE: Record<string, string> = { Mod: "⌘", Ctrl: "⌃", Alt: "⌥", Shift: "⇧" };
const ARROWS: Record<string, string> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
};

export function createKeyMap(keep: Keep, apple: boolean): KeyMap {
  const own = signal<Partial<Record<KeyAction, Chord>>>(getJson(keep, KEY) ?? {});
  const chords = computed(() => ({ ...DEFAULT_CHORDS, ...own.value }));
  const store = (next: Partial<Record<KeyAction, Chord>>): void => {
    own.value = next;
    keep.set(KEY, JSON.stringify(next));
  };
  const chordOf = (press: Press): Chord | undefined => toChord(press, apple);
  return {
    chords,
    chordOf,
    shown: (chord) => show(chord, apple),
    actionOf: (press) => {
      const chord = chordOf(press);
      return KEY_ACTIONS.find((action) => chords.peek()[action] === chord);
    },
    rebind: (action, chord) => {
      if (!/^(Mod|Ctrl|Alt)\+/.test(chord)) return "plain";
      const other = KEY_ACTIONS.find((each) => each !== action && chords.peek()[each] === chord);
      if (other !== undefined) return "taken";
      store({ ...own.peek(), [action]: chord });
      return "ok";
    },
    reset: (action) => {
      if (action === undefined) return store({});
      const { [action]: _, ...rest } = own.peek();
      store(rest);
    },
  };
}

function toChord(press: Press, apple: boolean): Chord | undefined {
  if (MODIFIERS.has(press.key)) return undefined;
  const mod = apple ? press.metaKey : press.ctrlKey;
  const ctrl = apple && press.ctrlKey;
  const parts = [mod && "Mod", ctrl && "Ctrl", press.altKey && "Alt", press.shiftKey && "Shift"];
  return [...parts.filter((part) => part !== false), keyOf(press)].join("+");
}

/** The Latin letter that is typed; of a layout without those the one at the key's place; other keys by their name. */
function keyOf({ key, code }: Press): string {
  if (/^[a-z]$/i.test(key)) return key.toUpperCase();
  return /^(?:Key|Digit)(\w)$/.exec(code)?.[1] ?? (code === "" ? key : code);
}

function show(chord: Chord, apple: boolean): string {
  const parts = chord.split("+").map((part) => ARROWS[part] ?? part);
  if (apple) return parts.map((part) => APPLE[part] ?? part).join("");
  return parts.map((part) => (part === "Mod" ? "Ctrl" : part)).join("+");
}
