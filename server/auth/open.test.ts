import { expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createBus } from "@damso/adapters/inprocess/bus";
import { openSqliteAccounts } from "@damso/adapters/sqlite/open";
import { createLog } from "../log.ts";
import { systemClock, systemTimers } from "../timers.ts";
import { openAuth } from "./open.ts";
import type { AuthOptions } from "./open.ts";
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
      bus: createBus(),
      isShared: false,
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

test("[I17][X5] a session that one node ended is dead at once at the others, and before long where the word is lost", async () => {
  const folder = await mkdtemp(join(tmpdir(), "damso-nodes-"));
  const clock = { time: systemClock.now(), now: () => clock.time };
  const accounts = await openSqliteAccounts(join(folder, "accounts.db"), clock.time);
  const bus = createBus();
  let last = 1_000_000_000_000_000_000n;
  const node = async (heard: AuthOptions["bus"]) =>
    openAuth({
      accounts,
      bus: heard,
      isShared: true,
      keys_file: join(folder, "keys.json"),
      rate_limits: true,
      clock,
      timers: systemTimers,
      log: createLog({ level: "error", format: "json", clock, write: () => {} }),
      ids: { next: () => String(++last) },
      onRevoked: () => {},
    });
  const first = await node(bus);
  const second = await node(bus);
  const deaf = await node(createBus());
  const granted: Grant = await value(first.auth.signUp(amy, HOME));
  const token = granted.access_token;
  for (const { auth } of [first, second, deaf])
    expect(await code(auth.authenticate(token))).toBe("done");
  await value(first.auth.logOut(granted));
  expect(await code(first.auth.authenticate(token))).toBe("unauthenticated");
  expect(await code(second.auth.authenticate(token))).toBe("unauthenticated");
  clock.time += 5001;
  expect(await code(deaf.auth.authenticate(token))).toBe("unauthenticated");
  await accounts.close();
  await rm(folder, { recursive: true });
});
