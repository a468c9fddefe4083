/** The program as it was at an earlier commit, beside the one that is tested. */
import { existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { run } from "../services/get/tool.ts";
import { temporary } from "./server.ts";

const root = join(import.meta.dir, "../..");
const OWN = "@damso";

/** Whether the commit is in this clone, which may be a shallow one, or no clone at all. */
export function hasCommit(commit: string): boolean {
  if (Bun.which("git") === null || !existsSync(join(root, ".git"))) return false;
  return Bun.spawnSync(["git", "cat-file", "-e", `${commit}^{commit}`], { cwd: root }).success;
}

/** A directory with the program of that commit, removed by `endRig`. */
export async function exportFormer(commit: string): Promise<string> {
  const folder = temporary("former");
  const archive = `${folder}.tar`;
  await run(["git", "archive", `--output=${archive}`, commit], { cwd: root });
  await run(["tar", "-xf", archive, "-C", folder]);
  await run(["rm", archive]);
  linkModules(folder);
  return folder;
}

/** The packages of others are the same; its own are its own, or it would be the program of today in an old coat. */
function linkModules(folder: string): void {
  const [from, to] = [root, folder].map((place) => join(place, "node_modules"));
  if (from === undefined || to === undefined) return;
  mkdirSync(join(to, OWN), { recursive: true });
  for (const name of readdirSync(from)) {
    if (name !== OWN) symlinkSync(join(from, name), join(to, name));
  }
  for (const name of readdirSync(join(from, OWN))) {
    if (existsSync(join(folder, name))) symlinkSync(join(folder, name), join(to, OWN, name));
  }
}
