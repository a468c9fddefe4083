import { expect, test } from "bun:test";
import type { Pos, UserId } from "@damso/protocol/ids";
import type { FeedEvents } from "@damso/protocol/frames/events";
import type { Command } from "../shard/commands.ts";
import { openScene } from "../shard/scene.testing.ts";

test("[D14] a summary in a page is not older than the position that it says it was read at", async () => {
  const scene = await openScene(2);
  const [ann, bob] = scene.people as [UserId, UserId];
  const channel = scene.direct(ann, bob);
  await scene.send(ann, channel, "first");
  const { feed } = await scene.attach(bob);
  const owner = scene.shard;
  let isLate = false;
  const request = async (command: Command): Promise<unknown> => {
    const answer = await owner.request(command as Command<"view">);
    // One more message, after the view was read and before its reader goes on.
    if (command.kind === "view" && !isLate) {
      isLate = true;
      await scene.send(ann, channel, "second");
    }
    return answer;
  };
  scene.shard = { ...owner, request: request as typeof owner.request };
  const page = await scene.must({ kind: "sync", user_id: bob, feed: { id: feed.id, pos: 0 } });
  const event = page.events.find(({ type }) => type === "channel") as FeedEvents["channel"];
  const summary = event.channel;
  const told = summary.head === 1 ? feed.head : feed.head + 1;
  expect(isLate).toBe(true);
  expect(summary.pos).toBeLessThanOrEqual(told);
});

type Torn = { told: string; warnings: number };

/** Of 21 entries those after the first are asked for; meanwhile those up to `tail` go, and `lost` are not there at all. */
async function tornPage(tail: Pos, lost: readonly Pos[], limit = 100): Promise<Torn> {
  const scene = await openScene(2);
  const [ann, bob] = scene.people as [UserId, UserId];
  const { feed } = await scene.attach(bob);
  let isTorn = false;
  const { get, range } = scene.store;
  scene.store.get = (async (table: "users", key: [UserId]) => {
    const row = await get(table, key);
    return isTorn && table === "users" && row ? { ...row, tail } : row;
  }) as typeof get;
  scene.store.range = (async (table: "feed", asked: Parameters<typeof range>[1]) => {
    const rows = await range(table, isTorn ? { ...asked, limit: 100 } : asked);
    if (!isTorn) return rows;
    return rows
      .filter(({ key: [, pos] }) => pos > tail && !lost.includes(pos))
      .slice(0, asked.limit);
  }) as typeof range;
  await scene.restart();
  for (let n = 0; n < 20; n++) await scene.send(ann, scene.direct(ann, bob), "x");
  isTorn = true;
  const cursor = { id: feed.id, pos: 1 };
  const page = await scene.ask({ kind: "sync", user_id: bob, feed: cursor, limit });
  const told = page.ok ? `${page.value.reset ? "reset" : page.value.events.length}` : "refused";
  return { told, warnings: scene.warnings.length };
}

const WHOLE: Torn = { told: "20", warnings: 0 };
const RESET: Torn = { told: "reset", warnings: 0 };
const ALARM: Torn = { told: "refused", warnings: 1 };

test("[I25][D15] entries that went while they were read are a reset, one that is missing beside them an alarm", async () => {
  expect(await tornPage(0, [])).toEqual(WHOLE);
  expect(await tornPage(1, [])).toEqual(WHOLE);
  expect(await tornPage(9, [])).toEqual(RESET);
  expect(await tornPage(9, [10])).toEqual(ALARM);
  expect(await tornPage(9, [15])).toEqual(ALARM);
  expect(await tornPage(9, [20, 21])).toEqual(ALARM);
  expect(await tornPage(21, [])).toEqual(RESET);
});

test("[I25] an entry that is missing where nothing was trimmed is an alarm", async () => {
  expect(await tornPage(0, [2])).toEqual(ALARM);
  expect(await tornPage(1, [12])).toEqual(ALARM);
  expect(await tornPage(0, [21])).toEqual(ALARM);
});

test("[I25] of a page that is full only what it has can be missing", async () => {
  expect(await tornPage(0, [15], 5)).toEqual({ told: "5", warnings: 0 });
  expect(await tornPage(9, [], 5)).toEqual(RESET);
  expect(await tornPage(9, [12], 5)).toEqual(ALARM);
});
