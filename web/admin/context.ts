/** What every component of this page may read. */
import { createContext } from "preact";
import type { Context } from "preact";
import { useContext } from "preact/hooks";
import { useLanguage } from "../docs/speech.ts";
import type { Api } from "./api.ts";
import { Refused } from "./api.ts";
import type { Words } from "./words/words.ts";
import { WORDS } from "./words/words.ts";

export type Desk = {
  api: Api;
  /** Called when the keys open nothing any more. */
  left: () => void;
};

export const DeskContext: Context<Desk | undefined> = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === undefined) throw new Error("the page has no server around it");
  return desk;
}

export function useWords(): Words {
  return WORDS[useLanguage().language.value];
}

export type Formats = {
  count: (value: number) => string;
  /** With a decimal below ten. */
  fine: (value: number) => string;
  bytes: (value: number) => string;
  time: (at: string) => string;
  duration: (seconds: number) => string;
};

/** Numbers and times as the reader writes them. */
export function useFormats(): Formats {
  const language = useLanguage().language.value;
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const fine = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  const time = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const unit = (name: string): Intl.NumberFormat =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, maximumFractionDigits: 0 });
  return {
    count: (value) => number.format(value),
    fine: (value) => (value < 10 ? fine : number).format(value),
    bytes: (value) => unit("megabyte").format(value / 2 ** 20),
    time: (at) => time.format(new Date(at)),
    duration: (seconds) => {
      if (seconds < 120) return unit("second").format(seconds);
      if (seconds < 7200) return unit("minute").format(seconds / 60);
      return seconds < 172_800
        ? unit("hour").format(seconds / 3600)
        : unit("day").format(seconds / 86_400);
    },
  };
}

/** What went wrong, in the reader's words. */
export function problemOf(words: Words, error: unknown): string {
  if (!(error instanceof Refused)) throw error;
  return words.problems[error.code] ?? words.problem(error.code);
}
