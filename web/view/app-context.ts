import type { Context } from "preact";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Home } from "../model/home.ts";
import type { App } from "../model/app.ts";
import type { Language, Strings } from "../model/strings/strings.ts";

/** `pane`: this is one of the two windows of the demo. */
type Value = { app: App; pane: boolean };

export const AppContext: Context<Value | undefined> = createContext<Value | undefined>(undefined);

export function useApp(): Value {
  const value = useContext(AppContext);
  if (value === undefined) throw new Error("drawn outside of the app");
  return value;
}

/** The page of whoever is signed in. */
export const HomeContext: Context<Home | undefined> = createContext<Home | undefined>(undefined);

export function useHome(): Home {
  const home = useContext(HomeContext);
  if (home === undefined) throw new Error("drawn outside of a home");
  return home;
}

/** The words of the current language; whoever reads them is drawn anew when it changes. */
export function useStrings(): Strings {
  return useApp().app.speech.strings.value;
}

/** For times and numbers. */
export function useLocale(): string {
  return useApp().app.speech.locale.value;
}

export function useLanguage(): Language {
  return useApp().app.speech.language.value;
}
