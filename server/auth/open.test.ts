import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteAccounts } from "@damso/adapters/sqlite/open";
import { createLog } from "../log.ts";
import { systemClock, systemTimers } from "../timers.ts";
import { openAuth } from "./open.ts";
import type { Grant } from "./sessions.ts";
import { code, HOME, PASSWORD, value } from "./scene.testing.ts";

const amy = { username: "amy", password: PASSWORD, name: "Amy" };

test("[X4] tokens outlive a restart of the server", async () => {
  const data_directory = await mkdtemp(join(tmpdir(), "damso-auth-"));
  let last = 1_000_000_000_000_000_000n;
  const start = async () => {
    const now = systemClock.now();
    const accounts = await openSqliteAccounts(join(data_directory, "accounts.db"), now);
    const log = createLog({ level: "error", format: "json", clock: systemClock, write: () => {} });
    const { auth, live } = await openAuth({
      accounts,
      keys_file: join(data_directory, "keys.json"),
      rate_limits: true,
      clock: systemClock,
      timers: systemTimers,
      log,
      ids: { next: () => String(++last) },
      onRevoked: () => {},
    });
    live.start();
    const stop = async () => {
      await live.stop();
      await accounts.close();
    };
    return { auth, accounts, stop };
  };

  const first = await start();
  const granted: Grant = await value(first.auth.signUp(amy, HOME));
  expect(await code(first.auth.authenticate(granted.access_token))).toBe("done");
  await first.stop();

  const second = await start();
  const session = await second.accounts.sessions.byId(granted.session_id);
  expect(session?.confirmed).toBe(true);
  expect(await code(second.auth.authenticate(granted.access_token))).toBe("done");
  const next = await value(second.auth.refresh(granted.refresh_token));
  expect(await code(second.auth.authenticate(next.access_token))).toBe("done");
  await second.stop();
  await rm(data_directory, { recursive: true });
});
