import type { Screens } from "../../model/strings/screens.ts";
import { screensOf } from "../../model/strings/screens.ts";
import { useLanguage } from "../app-context.ts";

/** The words of the screens around people and settings. */
export function useScreens(): Screens {
  return screensOf(useLanguage());
}
