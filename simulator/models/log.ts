/**
 * The logs of all shards, as a service on the network: an append may not get there, may get there late, and its answer
 * may not get back. What is in a log is durable; everything that it takes is told to the witness in that moment.
 */
import type { Appended, Log, LogRecord } from "@damso/core/ports/log";
import type { Put } from "@damso/core/tables";
import { decodeRecord } from "@damso/core/log/record";
import type { Host } from "../kernel/host.ts";
import type { World } from "../world.ts";
import { callEngine } from "./service.ts";
import type { CallFaults, CallOptions, EngineWorld } from "./service.ts";

export type LogFaults = {
  /** Of appends: never arrive, arrive late, are not answered. */
  lost: number;
  late: number;
  unanswered: number;
};

export const TRUSTY: LogFaults = { lost: 0, late: 0, unanswered: 0 };

/** One log: it stays when servers come and go. */
export type LogService = {
  shard: number;
  records: LogRecord[];
  /** The first that is kept. */
  first: number;
};

export type Logs = { shards: LogService[]; faults: LogFaults };

/** One empty log per shard. */
export function createLogs(count: number): Logs {
  const shards = Array.from({ length: count }, (_, shard) => ({ shard, records: [], first: 1 }));
  return { shards, faults: TRUSTY };
}

/** The rows of a record, as puts: none for a fence. */
export function putsOf({ seq, text }: LogRecord): Put[] {
  return decodeRecord(seq, text).map(
    ({ table, key, json }) =>
      ({ table, key, row: json === null ? null : JSON.parse(json) }) as unknown as Put,
  );
}

type LogWorld = EngineWorld & Pick<World, "truth" | "witness">;

/** Hears of a record in the moment in which it is in the log. */
type Took = (record: LogRecord) => void;

/** The log of a shard as one life of a server reaches it. */
export function reachLog(
  world: LogWorld,
  logs: Logs,
  shard: number,
  host: Host,
  took: Took = (record) => tell(world, shard, record),
): Log {
  const service = logs.shards[shard] as LogService;
  const faults = (): CallFaults => logs.faults;
  const call = <T>(label: string, run: () => T, options: Partial<CallOptions>): Promise<T> =>
    callEngine(world, host, "log", label, run, { faults, ...options });
  return {
    append(text, expected_last, signal) {
      const take = (): Appended => append(world, service, text, expected_last, took);
      return call("append", take, { late: true, signal });
    },
    ends: (signal) =>
      call("ends", () => ({ first: service.first, last: service.records.length }), { signal }),
    read: (from, limit, signal) => call("log read", () => read(service, from, limit), { signal }),
    purge: (upto, signal) => call("purge", () => purge(service, upto), { signal }),
  };
}

/** What a real log takes as one message, with room to spare. */
const RECORD_UNITS_MAX = 1_000_000;

function append(
  { scheduler, tally }: LogWorld,
  service: LogService,
  text: string,
  expected_last: number,
  took: Took,
): Appended {
  if (service.records.length !== expected_last) {
    tally.sometimes("an append was refused by the fence");
    return { ok: false };
  }
  // No fault of a network: the shard that made it will never get it in.
  if (text.length > RECORD_UNITS_MAX) throw new Error(`a record of ${text.length} units`);
  const record = { seq: service.records.length + 1, text };
  service.records.push(record);
  scheduler.overhear("log", String(record.seq), text);
  took(record);
  return { ok: true, seq: record.seq };
}

function tell({ truth, witness }: LogWorld, shard: number, record: LogRecord): void {
  const puts = putsOf(record);
  for (const put of puts) truth.put(put, put.row === null ? null : JSON.stringify(put.row));
  if (puts.length > 0) witness.committed(shard, puts);
}

function read({ records, first }: LogService, from: number, limit: number): LogRecord[] {
  const begin = Math.max(from, first) - 1;
  return records.slice(begin, begin + limit);
}

function purge(service: LogService, upto: number): void {
  service.first = Math.max(service.first, Math.min(upto, service.records.length) + 1);
}
