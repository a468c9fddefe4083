/** What one shard tells another: once, in order, across takeovers. */
import type { Mutation } from "./mutation.ts";

export const TELLS: readonly Mutation[] = [
  {
    name: "tells-not-deduplicated",
    bug: "A batch that is told again, in part or whole, is applied again.",
    breaks: ["I7", "I10"],
    file: "core/shard/receive.ts",
    find: "return tells.filter(({ n }) => n > known);",
    replace: "return [...tells];",
    wiring: "sharded",
  },
  {
    name: "tells-dropped-on-takeover",
    bug: "A new owner does not forward what the one before had committed and not brought to its target.",
    breaks: ["I10", "I21"],
    file: "core/shard/shard.ts",
    find: "shard.forwarder.reset(rows, tellsBelow(shard.checkpoint));",
    replace: "shard.forwarder.reset(rows.slice(0, 0), tellsBelow(shard.checkpoint));",
    wiring: "sharded",
  },
  {
    name: "fed-not-committed",
    bug: "How far another shard's tells are applied is kept in memory, and not in their commit.",
    breaks: ["I7", "I10"],
    file: "core/shard/receive.ts",
    find: 'puts.push({ table: "fed", key: [shard.shard, source], row: { n: upto } });',
    replace: "",
    wiring: "sharded",
  },
  {
    name: "two-batches-in-flight",
    bug: "A second batch goes out before the first is acknowledged, and may overtake it.",
    breaks: ["I10"],
    file: "core/shard/outlet.ts",
    find: `if (batch.length > 0) return;
    batch = firstOf(queue);
    if (batch.length > 0) sendBatch();`,
    replace: `if (batch.length === 0) {
      batch = firstOf(queue);
      if (batch.length > 0) sendBatch();
      return;
    }
    const second = firstOf(queue.slice(batch.length));
    if (second.length > 0) void send(second);`,
    wiring: "sharded",
  },
  {
    name: "tell-numbers-used-again",
    bug: "A new owner numbers its tells from one again, which their targets take for old ones.",
    breaks: ["I10"],
    file: "core/shard/checkpoint.ts",
    find: "return checkpoint.tells_below ?? 1;",
    replace: "return 1;",
    wiring: "sharded",
  },
];
