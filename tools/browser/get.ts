/** A Chromium, installed by root where Debian's packages are. */
import { findOrInstall } from "../services/get/apt.ts";
import { findBrowser } from "./find.ts";

/** The path of one, installed first where it can be. Throws ToolMissing where there is none to be had. */
export function getBrowser(): Promise<string> {
  return findOrInstall({
    name: "Chromium",
    // Korean is half of what the scenes write.
    packages: ["chromium", "fonts-noto-cjk"],
    find: findBrowser,
    missing: "no Chromium or Chrome: install one (Debian: apt-get install chromium)",
  });
}
