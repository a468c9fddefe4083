import { expect, test } from "bun:test";
import { rejection } from "@damso/contracts/rejection";
import type { Session, SessionUse } from "@damso/core/ports/account-records";
import type { DeviceId, SessionId, UserId } from "@damso/protocol/ids";
import { createLiveSessions } from "./live-sessions.ts";

const START = 1_790_000_000_000;
const session_id = "1000000000000000003" as SessionId;
const user_id = "1000000000000000001" as UserId;

function apply(row: Session | undefined, use: SessionUse): void {
  if (!row) return;
  row.last_used_at = Math.max(row.last_used_at, use.used_at);
  row.confirmed ||= use.generation === row.generation;
}

async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}

function stage(options: { kept_ms?: number } = {}) {
  const clock = { time: START, now: () => clock.time };
  const stored = new Map<SessionId, Session>();
  const touched: SessionUse[][] = [];
  const cleared: number[] = [];
  const state = { reads: 0, failing: false, gate: Promise.resolve() };
  let tick: (() => void) | undefined;
  let warnings = 0;
  const live = createLiveSessions({
    ...options,
    clock,
    sessions: {
      byId: async (id) => {
        state.reads++;
        const row = stored.get(id);
        await state.gate;
        return row && { ...row };
      },
      touch: async (uses) => {
        await Promise.resolve();
        if (state.failing) throw new Error("disk full");
        touched.push([...uses]);
        for (const use of uses) apply(stored.get(use.session_id), use);
      },
    },
    log_in_codes: {
      removeOver: async (now) => {
        await Promise.resolve();
        if (state.failing) throw new Error("disk full");
        cleared.push(now);
      },
    },
    timers: {
      after: (_ms, run) => {
        tick = run;
        return () => {
          tick = undefined;
        };
      },
    },
    log: { warn: () => warnings++ },
  });
  stored.set(session_id, {
    session_id,
    device_id: "1000000000000000002" as DeviceId,
    user_id,
    device_name: "phone",
    time_zone: null,
    created_at: START,
    last_used_at: START,
    generation: 1,
    confirmed: false,
  });
  const claims = (generation = 1) => ({
    user_id,
    device_id: "1000000000000000002" as DeviceId,
    session_id,
    generation,
    expires_at: START + 900_000,
  });
  return {
    clock,
    stored,
    touched,
    cleared,
    state,
    live,
    claims,
    tick: () => tick,
    warnings: () => warnings,
  };
}

test("[X3] an answer is kept for a minute and then asked for again", async () => {
  const { live, claims, clock, state, stored } = stage();
  for (let i = 0; i < 5; i++) expect(await live.isAlive(claims())).toBe(true);
  expect(state.reads).toBe(1);
  stored.delete(session_id);
  clock.time += 60_000;
  expect(await live.isAlive(claims())).toBe(true);
  clock.time += 1;
  expect(await live.isAlive(claims())).toBe(false);
  expect(await live.isAlive(claims())).toBe(false);
  expect(state.reads).toBe(2);
});

test("[I17] where other nodes revoke too, an answer is asked for again after seconds", async () => {
  const { live, claims, clock, state, stored } = stage({ kept_ms: 5000 });
  expect(await live.isAlive(claims())).toBe(true);
  stored.delete(session_id);
  clock.time += 5000;
  expect(await live.isAlive(claims())).toBe(true);
  clock.time += 1;
  expect(await live.isAlive(claims())).toBe(false);
  expect(state.reads).toBe(2);
});

test("[I17] a store that fails or is silent gets what was known a minute ago, unless it was revoked", async () => {
  const { live, claims, clock, state, tick } = stage({ kept_ms: 5000 });
  await live.isAlive(claims());
  clock.time += 5001;
  state.gate = Promise.reject(new Error("gone"));
  expect(await live.isAlive(claims())).toBe(true);
  state.gate = new Promise(() => {});
  const silent = live.isAlive(claims());
  await settle();
  tick()?.();
  expect(await silent).toBe(true);
  live.forget([session_id]);
  state.gate = Promise.reject(new Error("gone"));
  expect(await rejection(live.isAlive(claims()))).toMatchObject({ message: "gone" });
});

test("[I17] what was known is of no use after a minute", async () => {
  const { live, claims, clock, state } = stage({ kept_ms: 5000 });
  await live.isAlive(claims());
  clock.time += 60_001;
  state.gate = Promise.reject(new Error("gone"));
  expect(await rejection(live.isAlive(claims()))).toMatchObject({ message: "gone" });
});

test("calls at the same moment read once", async () => {
  const { live, claims, state } = stage();
  await Promise.all(Array.from({ length: 20 }, () => live.isAlive(claims())));
  expect(state.reads).toBe(1);
});

test("[X5] a revoked session is dead at the next question", async () => {
  const { live, claims, stored } = stage();
  expect(await live.isAlive(claims())).toBe(true);
  stored.delete(session_id);
  live.forget([session_id]);
  expect(await live.isAlive(claims())).toBe(false);
});

test("[I17] a session revoked while it was being read is not kept as alive", async () => {
  const { live, claims, stored, state } = stage();
  let open = (): void => {};
  state.gate = new Promise<void>((resolve) => (open = resolve));
  const early = live.isAlive(claims());
  stored.delete(session_id);
  live.forget([session_id]);
  open();
  await early;
  expect(await live.isAlive(claims())).toBe(false);
});

test("a token of someone else's session is not alive", async () => {
  const { live, claims } = stage();
  const other = "1000000000000000009" as UserId;
  expect(await live.isAlive({ ...claims(), user_id: other })).toBe(false);
});

test("[X4] the first use of a generation is noted at once, later ones when they tell something new", async () => {
  const { live, claims, clock, touched, stored } = stage();
  clock.time += 1;
  await live.isAlive(claims());
  await live.isAlive(claims());
  await live.flush();
  expect(touched).toEqual([[{ session_id, generation: 1, used_at: START + 1 }]]);

  clock.time += 9 * 60_000;
  await live.isAlive(claims());
  await live.flush();
  expect(touched).toHaveLength(1);

  const row = stored.get(session_id);
  stored.set(session_id, {
    ...(row as Session),
    generation: 2,
    confirmed: false,
    last_used_at: clock.time,
  });
  await live.isAlive(claims(2));
  await live.flush();
  expect(touched[1]).toEqual([{ session_id, generation: 2, used_at: clock.time }]);
  await live.isAlive(claims(1));
  await live.flush();
  expect(touched).toHaveLength(2);
});

test("[X7] an open socket counts as use, without confirming anything", async () => {
  const { live, clock, touched } = stage();
  live.note(session_id);
  await settle();
  clock.time += 11 * 60_000;
  live.note(session_id);
  await settle();
  live.note(session_id);
  await settle();
  await live.flush();
  expect(touched).toEqual([[{ session_id, generation: 0, used_at: clock.time }]]);
});

test("uses that could not be written wait for the next time", async () => {
  const { live, claims, state, touched } = stage();
  await live.isAlive(claims());
  state.failing = true;
  expect(await rejection(live.flush())).toMatchObject({ message: "disk full" });
  state.failing = false;
  await live.flush();
  expect(touched).toHaveLength(1);
  await live.flush();
  expect(touched).toHaveLength(1);
});

test("uses are written now and then, and at the stop", async () => {
  const { live, claims, clock, touched, tick, state, warnings } = stage();
  live.start();
  await live.isAlive(claims());
  tick()?.();
  await settle();
  expect(touched).toHaveLength(1);
  expect(tick()).toBeDefined();

  clock.time += 11 * 60_000;
  await live.isAlive(claims());
  await live.stop();
  expect(tick()).toBeUndefined();
  expect(touched).toHaveLength(2);

  clock.time += 11 * 60_000;
  await live.isAlive(claims());
  live.forget([session_id]);
  await live.stop();
  expect(touched).toHaveLength(2);

  state.failing = true;
  await live.isAlive(claims());
  await live.stop();
  expect(warnings()).toBe(1);
});

test("[X15] codes that are over are deleted now and then, whether or not that went well before", async () => {
  const { live, clock, cleared, tick, state, warnings } = stage();
  live.start();
  for (const failing of [true, false, false]) {
    state.failing = failing;
    clock.time += 30_000;
    tick()?.();
    await settle();
  }
  expect(cleared).toEqual([START + 60_000, START + 90_000]);
  expect(warnings()).toBe(1);
  await live.stop();
});
