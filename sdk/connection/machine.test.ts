import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { backoff } from "./backoff.ts";
import { machine, PATIENCE_MS, step, visible } from "./machine.ts";
import type { Effect, Input, Machine, Phase } from "./machine.ts";

const NOW = 1_000_000;
const half = { now: NOW, random: 0.5 };

const online: Phase = { at: "online", since: NOW - 60_000, heartbeat_ms: 30_000, pinged: false };
const pinged: Phase = { ...online, pinged: true };
const fresh: Phase = { ...online, since: NOW - 1000 };
const greeting: Phase = { at: "greeting" };
const opening: Phase = { at: "opening" };
const waiting: Phase = { at: "waiting", until: NOW + 500 };

type Expected = { phase: Partial<Phase>; deadline?: number; effects?: Effect[] };

function check(title: string, was: Partial<Machine>, input: Input, expected: Expected): void {
  test(title, () => {
    const stepped = step({ ...machine(), urls: ["ws://a"], ...was }, input, half);
    expect(stepped.machine.phase).toMatchObject(expected.phase);
    if (expected.deadline !== undefined) expect(stepped.machine.deadline).toBe(expected.deadline);
    expect(stepped.effects).toEqual(expected.effects ?? []);
  });
}

const hangUp: Effect = { do: "hang_up" };
const prepare = (discover: boolean, renew = false): Effect => ({ do: "prepare", discover, renew });

describe("connecting", () => {
  check(
    "start asks for tokens and servers",
    { urls: [] },
    { type: "start" },
    {
      phase: { at: "preparing" },
      effects: [prepare(true)],
    },
  );
  check(
    "start while running changes nothing",
    { phase: online },
    { type: "start" },
    { phase: online },
  );
  check(
    "the first server is opened",
    { phase: { at: "preparing" } },
    { type: "prepared", urls: ["ws://a", "ws://b"] },
    {
      phase: { at: "opening" },
      deadline: NOW + PATIENCE_MS,
      effects: [{ do: "open", url: "ws://a" }],
    },
  );
  check(
    "a server that cannot be reached gives way to the next at once",
    { phase: opening, urls: ["ws://a", "ws://b"] },
    { type: "closed", code: 1006 },
    {
      phase: { at: "opening" },
      effects: [hangUp, { do: "open", url: "ws://b" }],
    },
  );
  check(
    "so does one that does not answer",
    { phase: opening, urls: ["ws://a", "ws://b"], deadline: NOW },
    { type: "expired" },
    {
      phase: { at: "opening" },
      effects: [hangUp, { do: "open", url: "ws://b" }],
    },
  );
  check(
    "so does one that opens and then says nothing",
    { phase: greeting, urls: ["ws://a", "ws://b"], deadline: NOW },
    { type: "expired" },
    {
      phase: { at: "opening" },
      effects: [hangUp, { do: "open", url: "ws://b" }],
    },
  );
  check(
    "one that turns us away is asked for others",
    { phase: greeting, urls: ["ws://a", "ws://b"] },
    { type: "closed", code: 1013 },
    {
      phase: { at: "waiting" },
      effects: [hangUp],
    },
  );
  check(
    "after the last one it waits",
    { phase: opening },
    { type: "closed", code: 1006 },
    {
      phase: { at: "waiting", until: NOW + 250 },
      deadline: NOW + 250,
      effects: [hangUp],
    },
  );
  check(
    "[P15] an open socket is greeted",
    { phase: opening },
    { type: "opened" },
    {
      phase: { at: "greeting" },
      effects: [{ do: "greet" }],
    },
  );
  check(
    "a welcome makes it online",
    { phase: greeting },
    { type: "welcomed", heartbeat_ms: 30_000 },
    {
      phase: { at: "online", since: NOW },
      deadline: NOW + 30_000,
    },
  );
  check(
    "no welcome in time counts as a broken socket",
    { phase: greeting, deadline: NOW },
    { type: "expired" },
    {
      phase: { at: "waiting" },
      effects: [hangUp],
    },
  );
  check(
    "a failed preparation waits as long as it is told",
    { phase: { at: "preparing" } },
    { type: "refused", code: "busy", retry_after_ms: 7000 },
    {
      phase: { at: "waiting", until: NOW + 7250 },
      effects: [hangUp],
    },
  );
  check(
    "a session that has ended closes for good",
    { phase: { at: "preparing" } },
    { type: "refused", code: "session_ended" },
    {
      phase: { at: "closed", reason: "session_ended" },
      effects: [hangUp],
    },
  );
});

describe("tokens", () => {
  const refused: Input = { type: "refused", code: "unauthenticated" };
  check("a refused token is renewed and shown at once", { phase: greeting }, refused, {
    phase: { at: "preparing" },
    effects: [hangUp, prepare(false, true)],
  });
  check("[I21] and at once after a long outage too", { phase: greeting, failures: 30 }, refused, {
    phase: { at: "preparing" },
    effects: [hangUp, prepare(false, true)],
  });
  check("a second refusal waits", { phase: greeting, failures: 1, renewed: true }, refused, {
    phase: { at: "waiting", until: NOW + 500 },
    effects: [hangUp],
  });
  check(
    "another refusal waits as long as it is told",
    { phase: greeting },
    { type: "refused", code: "busy", retry_after_ms: 3000 },
    {
      phase: { at: "waiting", until: NOW + 3250 },
      effects: [hangUp],
    },
  );
});

describe("[P12] close codes", () => {
  check(
    "4001 is final",
    { phase: online },
    { type: "closed", code: 4001 },
    {
      phase: { at: "closed", reason: "session_ended" },
      effects: [hangUp],
    },
  );
  check(
    "4009 is final",
    { phase: online },
    { type: "closed", code: 4009 },
    {
      phase: { at: "closed", reason: "replaced" },
      effects: [hangUp],
    },
  );
  check(
    "4029 waits half a minute where no time was named",
    { phase: online },
    { type: "closed", code: 4029 },
    {
      phase: { at: "waiting", until: NOW + 30_250 },
      effects: [hangUp],
    },
  );
  for (const code of [1001, 1006, 1009, 1011, 1012, 1013, 4000, 4002, 4003, 4008]) {
    check(
      `${code} comes back after a short pause`,
      { phase: online, failures: 5 },
      { type: "closed", code },
      {
        phase: { at: "waiting", until: NOW + 250 },
        effects: [hangUp],
      },
    );
  }

  test("4000 asks for the servers again, 4008 tries the same one first", () => {
    const after = (code: number): readonly string[] =>
      step({ ...machine(), phase: online, urls: ["ws://a"] }, { type: "closed", code }, half)
        .machine.urls;
    expect(after(4000)).toEqual([]);
    expect(after(4008)).toEqual(["ws://a"]);
  });

  test("a bye names the pause and sends us elsewhere", () => {
    const start: Machine = { ...machine(), phase: online, urls: ["ws://a"] };
    const told = step(start, { type: "bye", retry_after_ms: 1000 }, half).machine;
    const { machine: after } = step(told, { type: "closed", code: 4000 }, half);
    expect(after.phase).toEqual({ at: "waiting", until: NOW + 1250 });
    expect(after.urls).toEqual([]);
  });

  check(
    "a connection that broke at once lets the pauses grow",
    { phase: fresh, failures: 3 },
    { type: "closed", code: 1006 },
    {
      phase: { at: "waiting", until: NOW + 2000 },
      effects: [hangUp],
    },
  );
  check(
    "the close of a socket that is gone already says nothing",
    { phase: waiting },
    { type: "closed", code: 4001 },
    { phase: waiting },
  );
});

describe("[R1] heartbeat", () => {
  check(
    "a ping is sent when it is due",
    { phase: online, deadline: NOW },
    { type: "expired" },
    {
      phase: { pinged: true },
      deadline: NOW + PATIENCE_MS,
      effects: [{ do: "ping" }],
    },
  );
  check(
    "and at once when the app comes to the foreground",
    { phase: online },
    { type: "active", active: true },
    {
      phase: { pinged: true },
      effects: [{ do: "ping" }],
    },
  );
  check(
    "any frame answers it",
    { phase: pinged, deadline: NOW + 1 },
    { type: "heard" },
    {
      phase: { pinged: false },
      deadline: NOW + 30_000,
    },
  );
  check(
    "silence is a broken connection",
    { phase: pinged, deadline: NOW },
    { type: "expired" },
    {
      phase: { at: "waiting" },
      effects: [hangUp],
    },
  );
  check(
    "asking again does not give a dead connection more time",
    { phase: pinged, deadline: NOW + 100 },
    { type: "active", active: false },
    {
      phase: { pinged: true },
      deadline: NOW + 100,
      effects: [{ do: "ping" }],
    },
  );
});

describe("network", () => {
  check(
    "coming back ends the wait",
    { phase: waiting, failures: 9 },
    { type: "network", online: true },
    {
      phase: { at: "preparing" },
      effects: [prepare(false)],
    },
  );
  check(
    "going away keeps a socket that may still work, but tests it",
    { phase: online },
    { type: "network", online: false },
    {
      phase: { at: "online" },
      effects: [{ do: "ping" }],
    },
  );
  check(
    "without one the next try is a minute away",
    { phase: opening, network: false },
    { type: "closed", code: 1006 },
    {
      phase: { at: "waiting", until: NOW + 60_000 },
      effects: [hangUp],
    },
  );

  test("waiting without a network is shown as offline", () => {
    expect(visible({ ...machine(), phase: waiting, network: false })).toEqual({ name: "offline" });
    expect(visible({ ...machine(), phase: waiting })).toEqual({
      name: "waiting",
      until: NOW + 500,
    });
  });
});

const inputs: fc.Arbitrary<Input> = fc.oneof(
  fc.constantFrom<Input>(
    { type: "start" },
    { type: "stop" },
    { type: "opened" },
    { type: "heard" },
    { type: "expired" },
    { type: "welcomed", heartbeat_ms: 30_000 },
    { type: "prepared", urls: ["ws://a", "ws://b"] },
    { type: "refused", code: "disconnected" },
    { type: "refused", code: "unauthenticated" },
    { type: "bye", retry_after_ms: 100 },
  ),
  fc.constantFrom(1006, 4000, 4001, 4009, 4029).map((code): Input => ({ type: "closed", code })),
  fc.boolean().map((is): Input => ({ type: "network", online: is })),
  fc.boolean().map((active): Input => ({ type: "active", active })),
);

test("[I21] whatever happens, a connection that is neither up nor over has something to wait for", () => {
  fc.assert(
    fc.property(fc.array(inputs, { maxLength: 60, size: "max" }), (story) => {
      let now = step(machine(), { type: "start" }, half).machine;
      for (const [at, input] of story.entries()) {
        const stepped = step(now, input, { now: NOW + at, random: 0.5 });
        now = stepped.machine;
        const { at: phase } = now.phase;
        const idle = phase === "stopped" || phase === "closed" || phase === "preparing";
        expect(now.deadline === undefined).toBe(idle);
        if (phase === "closed" || phase === "waiting" || phase === "stopped") continue;
        expect(stepped.effects.filter((effect) => effect.do === "open").length).toBeLessThan(2);
      }
    }),
  );
});

test("[I21] the pause is a random share of half a second doubled, at most 16 s, and a minute in a long outage", () => {
  expect([0, 1, 2, 5, 6, 19, 20, 1000].map((failures) => backoff(failures, 1))).toEqual([
    500, 1000, 2000, 16_000, 16_000, 16_000, 60_000, 60_000,
  ]);
  expect(backoff(3, 0)).toBe(0);
  expect(backoff(3, 0.25)).toBe(1000);
});
