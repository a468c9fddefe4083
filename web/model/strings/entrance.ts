/** The words of what somebody sees who is not signed in; loaded with that, not with the first page. */
import { entranceEn } from "./entrance-en.ts";
import { entranceKo } from "./entrance-ko.ts";
import type { Language } from "./strings.ts";

export type Entrance = {
  invited: string;
  tryItHint: string;
  usernameHint: string;
  passwordHint: string;
  haveAccount: string;
  noAccount: string;
  demoTitle: string;
  demoPane: (name: string) => string;
  demoStarting: string;
  demoOver: string;
  startAgain: string;
  endDemo: string;

  /** Logging in by a code that this device shows. */
  byCode: {
    button: string;
    title: string;
    steps: readonly string[];
    qr: string;
    starting: string;
    waiting: string;
    left: (time: string) => string;
    copy: string;
    copied: string;
    refused: string;
    refusedText: string;
    over: string;
    again: string;
    password: string;
    /** To whoever has followed such a code and is not signed in. */
    first: string;
  };
};

export function entranceOf(language: Language): Entrance {
  return language === "ko" ? entranceKo : entranceEn;
}
