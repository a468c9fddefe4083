/** Ids of messages and feeds. */
import type { Mutation } from "./mutation.ts";

export const IDS: readonly Mutation[] = [
  {
    name: "id-reuse-after-clock-back",
    bug: "Ids follow the clock back, into milliseconds that have been used.",
    breaks: ["I7"],
    file: "core/ids/snowflake.ts",
    find: "if (now > time) [time, counter] = [now, 0];",
    replace: "if (now !== time) [time, counter] = [now, 0];",
  },
  {
    name: "ids-of-a-slower-clock",
    bug: "A new owner begins its ids at its own clock, which may be behind the one of the owner before.",
    breaks: ["I7"],
    file: "core/shard/shard.ts",
    find: "ids: createIdClock(deps.clock, deps.shard, checkpoint.ids_below),",
    replace: "ids: createIdClock(deps.clock, deps.shard),",
    wiring: "sharded",
  },
  {
    name: "restore-keeps-feed-id",
    bug: "A store that is put back from a backup keeps its epoch: devices go on from positions that are others now.",
    breaks: ["I2", "I3"],
    file: "core/shard/checkpoint.ts",
    find: "const row = renewedCheckpoint(bounds, freshEpoch(bounds, now), now);",
    replace: `const row = renewedCheckpoint(bounds, bounds.epochs[0] ?? freshEpoch(bounds, now), now);`,
    wiring: "single",
  },
  {
    name: "cursor-is-a-snowflake",
    bug: "What is new to a device is looked up by message ids, which positions are not in the order of.",
    breaks: ["I2", "I12"],
    file: "core/sync/page.ts",
    find: "return pageOf(home, rows, { messages, summaries });",
    replace: `let newest = "";
    const later = rows.filter(({ row }) => {
      if (row.kind !== "message") return true;
      const id = messages.get(row.channel + "/" + row.seq)?.message_id;
      if (id === undefined) return true;
      if (id <= newest) return false;
      newest = id;
      return true;
    });
    return pageOf(home, later, { messages, summaries });`,
  },
  {
    name: "text-cut-by-utf16",
    bug: "A preview is cut by UTF-16 units, in the middle of a character.",
    breaks: ["I11"],
    file: "core/channel/message.ts",
    find: "body: cutText(body, PREVIEW_UNITS)",
    replace: "body: body.slice(0, PREVIEW_UNITS)",
  },
];
