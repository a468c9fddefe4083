/** Channels as they are shown, and the position that each is of. */
import type { Mutation } from "./mutation.ts";

export const SUMMARIES: readonly Mutation[] = [
  {
    name: "snapshot-newer-than-pos",
    bug: "A summary says that it is of the channel's last message, though it knows what was read and set after it.",
    breaks: ["I2", "I15"],
    file: "core/shard/views.ts",
    find: "pos: user.head,",
    replace: "pos: own.activity,",
  },
  {
    name: "view-older-than-pos",
    bug: "The channel is read before the position that its summary carries: what happened between the two stays hidden.",
    breaks: ["I2"],
    file: "core/sync/page.ts",
    find: `const before = await inHome(shard, user_id, [channel], (user) => {
    const own = user?.channels.get(channel);
    return user && own ? ownView(user, channel, own) : undefined;
  });
  if (!before) return undefined;
  const member = await shard.bus.request({ kind: "view", user_id, channel });`,
    replace: `const member = await shard.bus.request({ kind: "view", user_id, channel });
  const before = await inHome(shard, user_id, [channel], (user) => {
    const own = user?.channels.get(channel);
    return user && own ? ownView(user, channel, own) : undefined;
  });
  if (!before) return undefined;`,
  },
  {
    name: "older-summary-wins",
    bug: "A summary that was read before an event undoes what the event did.",
    breaks: ["I2", "I15"],
    file: "sdk/timeline/fold.ts",
    find: "if (record && summary.pos < record.channel.pos) return { record, steps: [] };",
    replace: "",
  },
  {
    name: "shown-again-by-an-older-summary",
    bug: "A cleared history that is shown again waits for any summary, also for one that is older than what the device has and so says nothing.",
    breaks: ["I2"],
    file: "sdk/timeline/apply.ts",
    find: "if (folded.record === record && summary.last && !record?.channel.last) self.missed.set(id, []);",
    replace: "",
  },
];
