/** A Chromium, installed by root where Debian's packages are. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../services/get/cache.ts";
import { locked } from "../services/get/lock.ts";
import { run, ToolMissing } from "../services/get/tool.ts";
import { findBrowser } from "./find.ts";

const MISSING = "no Chromium or Chrome: install one (Debian: apt-get install chromium)";

/** The path of one, installed first where it can be. Throws ToolMissing where there is none to be had. */
export async function getBrowser(): Promise<string> {
  const found = findBrowser();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || Bun.which("apt-get") === null) throw new ToolMissing(MISSING);
  const cache = cacheFolder();
  mkdirSync(cache, { recursive: true });
  return await locked(join(cache, "chromium.lock"), async () => findBrowser() ?? (await install()));
}

async function install(): Promise<string> {
  process.stderr.write("Installing Chromium with apt-get, once …\n");
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  try {
    await run(["apt-get", "update"], { env });
    // Korean is half of what the scenes write.
    const packages = ["chromium", "fonts-noto-cjk"];
    await run(["apt-get", "install", "-y", "--no-install-recommends", ...packages], { env });
  } catch (error) {
    throw new ToolMissing(`${MISSING}; apt-get did not bring it: ${String(error).slice(0, 300)}`);
  }
  const found = findBrowser();
  if (found === undefined) throw new ToolMissing(MISSING);
  return found;
}
