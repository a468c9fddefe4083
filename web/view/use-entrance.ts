import type { Entrance } from "../model/strings/entrance.ts";
import { entranceOf } from "../model/strings/entrance.ts";
import { useLanguage } from "./app-context.ts";

/** The words of what somebody sees who is not signed in. */
export function useEntrance(): Entrance {
  return entranceOf(useLanguage());
}
