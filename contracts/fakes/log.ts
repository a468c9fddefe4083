/** An in-memory `Log`, with the ways in which an append goes wrong. */
import type { Appended, Log, LogRecord } from "@damso/core/ports/log";
import type { LogFault } from "../log.ts";

export type FakeLog = Log & {
  /** Of the next append that has none yet; several wait in a row. */
  fail(fault: LogFault): void;
  /** Appends that are late are tried now. */
  arrive(): void;
  /** Everything that was ever appended, purged or not. */
  history(): LogRecord[];
};

export function createFakeLog(): FakeLog {
  const records: LogRecord[] = [];
  const faults: LogFault[] = [];
  const late: (() => void)[] = [];
  let first = 1;

  function append(text: string, expected_last: number): Appended {
    if (records.length !== expected_last) return { ok: false };
    records.push({ seq: records.length + 1, text });
    return { ok: true, seq: records.length };
  }

  return {
    async append(text, expected_last, signal) {
      signal?.throwIfAborted();
      const fault = faults.shift();
      if (fault === undefined) return append(text, expected_last);
      if (fault === "unanswered") append(text, expected_last);
      if (fault === "late") late.push(() => append(text, expected_last));
      throw new Error(`the append was ${fault}`);
    },
    async ends(signal) {
      signal?.throwIfAborted();
      return { first, last: records.length };
    },
    async read(from, limit, signal) {
      signal?.throwIfAborted();
      const begin = Math.max(from, first) - 1;
      return records.slice(begin, begin + limit).map((record) => ({ ...record }));
    },
    async purge(upto, signal) {
      signal?.throwIfAborted();
      first = Math.max(first, Math.min(upto, records.length) + 1);
    },
    fail: (fault) => void faults.push(fault),
    arrive: () => late.splice(0).forEach((run) => run()),
    history: () => [...records],
  };
}
