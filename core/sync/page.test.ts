import { expect, test } from "bun:test";
import type { UserId } from "@damso/protocol/ids";
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
