import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { UserId } from "@damso/protocol/ids";
import { openSqliteAccounts } from "./open.ts";

const CRASHES = 4;

/** Kills the process after it has said at least `lines` names; answers all that it had said by then. */
async function crash(file: string, run: number, lines: number): Promise<UserId[]> {
  const script = join(import.meta.dir, "crash.testing.ts");
  const child = Bun.spawn([process.execPath, script, file, String(run)], { stdout: "pipe" });
  let said = "";
  let killed = false;
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    said += decoder.decode(chunk, { stream: true });
    if (!killed && said.split("\n").length > lines) {
      killed = true;
      child.kill("SIGKILL");
    }
  }
  await child.exited;
  return said.split("\n").slice(0, -1) as UserId[];
}

test("[X13] what was answered is there after the process is killed at any moment", async () => {
  const directory = await mkdtemp(join(tmpdir(), "damso-crash-"));
  const file = join(directory, "accounts.db");
  const answered: UserId[] = [];
  for (let run = 1; run <= CRASHES; run++) {
    answered.push(...(await crash(file, run, 20 * run)));
    const accounts = await openSqliteAccounts(file, 1);
    const found = await accounts.users.byIds(answered);
    expect(found).toHaveLength(answered.length);
    expect(found.every((user) => user.about === user.username)).toBe(true);
    // Each update left its row in the outbox by the same commit, at most one more than was answered per crash.
    const rows = await accounts.outbox.take(1_000_000);
    expect(rows.length - answered.length).toBeLessThanOrEqual(run);
    expect(rows.length).toBeGreaterThanOrEqual(answered.length);
    await accounts.close();
  }
  await rm(directory, { recursive: true });
}, 30_000);
