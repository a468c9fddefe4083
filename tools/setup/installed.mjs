import { existsSync } from "node:fs";
import { join } from "node:path";

/**
 * Whether node_modules already holds what package-lock.json asks for, by npm's own record of it.
 * Asked before an install because `npm ci` deletes the folder first: pulling the rug from under a
 * server or a test run in another terminal, when a branch only touched the lock file's layout.
 *
 * @param {string} lockText package-lock.json
 * @param {string} recordText node_modules/.package-lock.json, empty when there is none
 * @param {string} modules the node_modules folder
 * @returns {boolean}
 */
export function installed(lockText, recordText, modules) {
  if (recordText === "") return false;
  const wanted = JSON.parse(lockText).packages;
  const have = JSON.parse(recordText).packages;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === "" || entry.optional || entry.devOptional) return true;
    const there = existsSync(join(modules, "..", path));
    if (entry.link || !path.includes("node_modules/")) return there;
    return there && have[path]?.version === entry.version;
  });
}
