/** The fenced log, the table behind it, and the lease. */
import type { Mutation } from "./mutation.ts";

export const LOG: readonly Mutation[] = [
  {
    name: "fence-not-checked",
    bug: "An append that the log refuses counts as done: a writer that lost its shard goes on.",
    breaks: ["I1", "I22"],
    file: "core/log/append.ts",
    find: 'if (appended.ok) return "appended";',
    replace: 'if (appended) return "appended";',
    wiring: "sharded",
  },
  {
    name: "zombie-flush-wins",
    bug: "Rows are stamped in the order in which they are sent to the table, so that a former owner who goes on after a stop wins over the new one.",
    breaks: ["I7", "I13", "I16"],
    file: "core/log/flush.ts",
    find: `function toStamped({ epoch }: Opened, { table, key, json, seq }: Held): Stamped {`,
    replace: `let arrivals = 0;
function toStamped({ epoch }: Opened, { table, key, json }: Held): Stamped {
  const seq = ++arrivals;`,
    wiring: "sharded",
    // A stop in the midst of a flush, which only takes longer than a moment where one shard has much to write.
    plan: {
      servers: 2,
      shards: 1,
      users: 8,
      devices: 14,
      groups: 6,
      faults: ["server freeze", "slow network"],
      fault_ms: 1000,
      duration_ms: 40_000,
    },
  },
  {
    name: "stamps-begin-with-the-owner",
    bug: "Rows are stamped by counting the writes of their owner: the count begins anew at a takeover, and the rows of the owner before win.",
    breaks: ["I13"],
    file: "core/log/flush.ts",
    find: `function toStamped({ epoch }: Opened, { table, key, json, seq }: Held): Stamped {`,
    replace: `const writes = new WeakMap<Opened, number>();
function toStamped(store: Opened, { table, key, json }: Held): Stamped {
  const { epoch } = store;
  const seq = (writes.get(store) ?? 0) + 1;
  writes.set(store, seq);`,
    wiring: "sharded",
  },
  {
    name: "one-table-stamp",
    bug: "A row has the same stamp in the table when it is inserted and when it is edited.",
    breaks: ["I13", "I16"],
    file: "core/log/flush.ts",
    find: "return { put, stamp: stampOf(epoch, seq) };",
    replace: "return { put, stamp: stampOf(epoch, Math.min(seq, 1)) };",
    wiring: "sharded",
  },
  {
    name: "checkpoint-before-flush",
    bug: "The table's position is moved before the rows up to it are written.",
    breaks: ["I1", "I13"],
    file: "core/log/flush.ts",
    find: `await writeAll(store, partitions);
  await writePosition(store, upto);`,
    replace: `await writePosition(store, upto);
  await writeAll(store, partitions);`,
    wiring: "sharded",
  },
  {
    name: "watermark-off-by-one",
    bug: "A takeover replays the log from one record too late.",
    breaks: ["I1", "I13"],
    file: "core/log/open.ts",
    find: "if (await replayInto(unflushed, deps, position + 1, fence)) return { unflushed, position };",
    replace:
      "if (await replayInto(unflushed, deps, position + 2, fence)) return { unflushed, position };",
    wiring: "sharded",
  },
  {
    name: "purge-off-by-one",
    bug: "The log is purged one record beyond what the table has.",
    breaks: ["I13", "I25"],
    file: "core/log/flush.ts",
    find: "await store.log.purge(upto);",
    replace: "await store.log.purge(upto + 1);",
    wiring: "sharded",
  },
  {
    name: "append-after-unknown-outcome",
    bug: "After an append without an answer the writer asks where the log ends, and goes on from there.",
    breaks: ["I7", "I13"],
    file: "core/log/commits.ts",
    find: `pending = record;
    await finish(record, signal);`,
    replace: `signal?.throwIfAborted();
    const appended = await log.append(record.text, store.last).catch(async (error: unknown) => {
      store.last = (await log.ends()).last;
      throw error;
    });
    if (!appended.ok) throw stepDown();
    store.last += 1;
    store.unflushed.apply(record.rows, store.last);
    grown();`,
    wiring: "sharded",
  },
  {
    name: "table-before-memory",
    bug: "A read does not hold up a flush: the row that leaves memory while the table is asked is found in neither.",
    breaks: ["I12", "I25"],
    file: "core/log/reads.ts",
    find: "store.reads.add(reading);",
    replace: "",
    wiring: "sharded",
  },
  {
    name: "row-missed-at-its-drop",
    bug: "A read of several rows forgets what memory had of them when it began, which a flush drops meanwhile.",
    breaks: ["I12", "I25"],
    file: "core/log/reads.ts",
    find: "const held = unflushed.get(table, key) ?? before[i];",
    replace: "const held = unflushed.get(table, key);",
    wiring: "sharded",
  },
  {
    name: "reads-after-the-lease",
    bug: "A lease that is not renewed counts for ever: a node that is cut off goes on answering.",
    breaks: ["I12", "I16"],
    file: "core/owner/lease.ts",
    find: "return now < lease.valid_until;",
    replace: "return lease.valid_until > -Infinity || now < lease.valid_until;",
    wiring: "sharded",
  },
];
