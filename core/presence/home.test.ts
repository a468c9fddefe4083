import { expect, test } from "bun:test";
import type { DeviceId, SessionId } from "@damso/protocol/ids";
import { profileOf } from "../shard/scene.testing.ts";
import { ann, bob } from "../channel/scene.testing.ts";
import { deliveredBy, noteUndelivered } from "./delivered.ts";
import {
  attach,
  beat,
  detach,
  detachAll,
  dropSilent,
  GRACE_MS,
  HEARTBEAT_TTL_MS,
  isOnline,
  isQuiet,
  named,
  newHome,
  SILENT_LOOKS_MAX,
} from "./home.ts";
import type { Home } from "./home.ts";
import { maySee, presenceFor } from "./privacy.ts";

const session = (n: number): SessionId => `s${n}` as SessionId;
const attached = (beat_ms: number, active = true, gateway = "g") => ({
  session_id: session(1),
  device_id: "d" as DeviceId,
  gateway,
  active,
  beat_ms,
});
const at = (active?: boolean) => ({
  session_id: session(1),
  gateway: "g",
  ...(active !== undefined && { active }),
});

test("[R1] online while a socket is attached and was heard of in 45 s", () => {
  const home = newHome();
  attach(home, attached(0));
  expect([isOnline(home, HEARTBEAT_TTL_MS), isOnline(home, HEARTBEAT_TTL_MS + 1)]).toEqual([
    true,
    false,
  ]);
  beat(home, at(), 50_000);
  expect(isOnline(home, 50_000 + HEARTBEAT_TTL_MS)).toBe(true);
});

test("[R2] a dropped socket keeps online for 20 s, a log-out ends it at once", () => {
  const home = newHome();
  attach(home, attached(0));
  detach(home, session(1), "g", false, 1000);
  expect([isOnline(home, 1000 + GRACE_MS - 1), isOnline(home, 1000 + GRACE_MS)]).toEqual([
    true,
    false,
  ]);
  attach(home, attached(2000));
  detach(home, session(1), "g", true, 2000);
  expect(isOnline(home, 2000)).toBe(false);
});

test("[R2][I23] a silent socket that ends makes nobody online again", () => {
  const home = newHome();
  attach(home, attached(0));
  const now = HEARTBEAT_TTL_MS + 1;
  detach(home, session(1), "g", false, now);
  expect(isOnline(home, now)).toBe(false);
});

test("[R2] the grace begins when the last session that was heard drops, whatever silent one is still attached", () => {
  const now = HEARTBEAT_TTL_MS + 5000;
  const silentAndHeard = (): Home => {
    const home = newHome();
    attach(home, attached(0));
    attach(home, { ...attached(now), session_id: session(2) });
    return home;
  };
  const dropped = silentAndHeard();
  detach(dropped, session(2), "g", false, now);
  expect(isOnline(dropped, now + 1)).toBe(true);
  // The silent one ends while the grace runs: that is neither over nor longer.
  detach(dropped, session(1), "g", false, now + 1000);
  expect(isOnline(dropped, now + GRACE_MS - 1)).toBe(true);
  expect(isOnline(dropped, now + GRACE_MS)).toBe(false);

  const ended = silentAndHeard();
  detachAll(ended, session(2), now);
  expect([isOnline(ended, now), isOnline(ended, now - 1)]).toEqual([false, false]);
  const back = silentAndHeard();
  detach(back, session(2), "g", false, now);
  attach(back, { ...attached(now + 10), session_id: session(2) });
  detach(back, session(2), "g", true, now + 20);
  expect(isOnline(back, now + 20)).toBe(false);
});

test("[R2] the word of a gateway that no longer has the session does not count", () => {
  const home = newHome();
  attach(home, attached(0));
  detach(home, session(1), "another", true, 10);
  expect(isOnline(home, 10)).toBe(true);
});

test("[R1] a session is attached at each gateway that has something of it, until that one lets go", () => {
  const home = newHome();
  attach(home, attached(0));
  attach(home, attached(0, false, "poll"));
  expect(home.gateways).toEqual(["g", "poll"]);
  detach(home, session(1), "poll", false, 10);
  expect(home.gateways).toEqual(["g"]);
  attach(home, attached(0, false, "poll"));
  detachAll(home, session(1), 10);
  expect(home.gateways).toEqual([]);
  expect(isOnline(home, 10)).toBe(false);
});

test("[R1] what its gateway has not named for longer than any socket is silent is forgotten, whatever the clock says", () => {
  const home = newHome();
  attach(home, attached(0));
  attach(home, attached(0, true, "other"));
  for (let looks = 0; looks < SILENT_LOOKS_MAX; looks++) dropSilent(home, 0);
  expect(home.gateways).toEqual(["g", "other"]);
  expect(named(home, session(1), "other")).toBe(true);
  dropSilent(home, 0);
  expect(home.gateways).toEqual(["other"]);
  expect(named(home, session(1), "g")).toBe(false);
  for (let looks = 0; looks < SILENT_LOOKS_MAX; looks++) dropSilent(home, 0);
  expect(isQuiet(home, 0)).toBe(true);
});

test("[R1][R2][I23] a clock that is put back makes nobody online for longer", () => {
  const home = newHome();
  attach(home, attached(90_000));
  dropSilent(home, 0);
  expect([isOnline(home, HEARTBEAT_TTL_MS), isOnline(home, HEARTBEAT_TTL_MS + 1)]).toEqual([
    true,
    false,
  ]);
  beat(home, at(), 90_000);
  detach(home, session(1), "g", false, 90_000);
  dropSilent(home, 0);
  expect([isOnline(home, GRACE_MS - 1), isOnline(home, GRACE_MS)]).toEqual([true, false]);
});

test("[R9] last active is the last time in the foreground", () => {
  const home = newHome();
  attach(home, attached(100, true));
  beat(home, at(false), 200);
  beat(home, at(), 300);
  expect(home.last_active_ms).toBe(100);
  beat(home, at(true), 400);
  expect(home.last_active_ms).toBe(400);
});

for (const [presence, contact, blocked, expected] of [
  ["everyone", false, false, true],
  ["everyone", true, true, false],
  ["contacts", false, false, false],
  ["contacts", true, false, true],
  ["nobody", true, false, false],
] as const) {
  test(`[R3] ${presence}, contact ${contact}, blocked ${blocked}: ${expected ? "seen" : "not seen"}`, () => {
    const profile = {
      ...profileOf(ann),
      presence,
      contacts: new Set(contact ? [bob] : []),
      blocks: new Set(blocked ? [bob] : []),
    };
    expect(maySee(profile, bob)).toBe(expected);
    const shown = presenceFor(profile, bob, true, 5);
    expect(shown.state).toBe(expected ? "online" : "offline");
    expect(presenceFor(profile, bob, false, 5).last_active_at !== undefined).toBe(expected);
    expect(maySee(profile, ann)).toBe(true);
  });
}

test("[R5] delivered follows what was acknowledged, in a chat that never pauses too", () => {
  const home = newHome();
  const channel = "c" as never;
  noteUndelivered(home, channel, 1, 10);
  noteUndelivered(home, channel, 2, 11);
  expect(deliveredBy(home, 10)).toEqual([{ channel, seq: 1 }]);
  noteUndelivered(home, channel, 3, 12);
  expect(deliveredBy(home, 11)).toEqual([{ channel, seq: 2 }]);
  expect(deliveredBy(home, 12)).toEqual([{ channel, seq: 3 }]);
  expect(deliveredBy(home, 99)).toEqual([]);
});

test("[I20] channels waiting for an acknowledgement have a bound", () => {
  const home = newHome();
  for (let n = 0; n < 1000; n++) noteUndelivered(home, `c${n}` as never, 1, n);
  expect(home.undelivered.size).toBe(256);
});
