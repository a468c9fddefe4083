import { expect, test } from "bun:test";
import { directChannel } from "@damso/protocol/ids";
import * as fc from "fast-check";
import { calm, happen, HAPPENINGS } from "../testing/chaos.ts";
import type { Happening, Scene } from "../testing/chaos.ts";
import { device, difference, started } from "../testing/device.ts";
import { fakeServer } from "../testing/fake-server.ts";
import { headPos, userOf } from "../testing/fake-tables.ts";
import type { Faults } from "../testing/fake-server.ts";
import { userId } from "../testing/records.ts";
import { world } from "../testing/world.ts";

const [me, other] = [userId(1), userId(2)];

const happenings: fc.Arbitrary<Happening[]> = fc.array(
  fc.record({ what: fc.constantFrom(...HAPPENINGS), n: fc.nat({ max: 63 }) }),
  { maxLength: 60, size: "max" },
);
const share = fc.constantFrom(0, 0, 0.1, 0.4);
const faults: fc.Arbitrary<Faults> = fc.record({
  drop: share,
  duplicate: share,
  lose: fc.constantFrom(0, 0, 0.1),
  close: fc.constantFrom(0, 0, 0.1),
  refuse: share,
  late_ms: fc.constantFrom(0, 50, 2000),
});

test("[I2][I12][I21] drops, copies, reorderings, crashes and resets end in the server's state", async () => {
  await fc.assert(
    fc.asyncProperty(fc.nat(), faults, happenings, async (seed, bad, story) => {
      const here = world(seed);
      here.keep = seed % 2 === 0 ? 3 : 1000;
      const server = fakeServer(here);
      const groups = [1, 2, 3, 4].map((n) => server.group(n, [me, other]));
      for (const group of groups) server.say(other, group, "before");
      const first = await started(here, await device(here, server, me));
      const channels = [...groups, directChannel(me, other)];
      const scene: Scene = { world: here, server, device: first, me, other, channels, sent: 0 };
      Object.assign(server.faults, bad);
      for (const happening of story) await happen(scene, happening);
      calm(scene);
      // The last break has to be noticed before it can be waited for.
      await here.advance(100);
      await here.until(() => scene.device.client.state().name === "online", 90_000);
      // A device that was idle hears of what it missed with the next event or heartbeat.
      server.push(me, { type: "head", pos: headPos(userOf(server.tables, me)) });
      await here.advance(30_000);
      expect(difference(server, scene.device)).toBeUndefined();
      await scene.device.client.stop();
    }),
    { numRuns: 300 },
  );
}, 60_000);
