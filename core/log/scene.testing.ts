/** A log and a table in memory, and owners of one shard that come and go: the scene of the tests of the log store. */
import type { ChannelId } from "@damso/protocol/ids";
import { createFakeLog } from "@damso/contracts/fakes/log";
import type { FakeLog } from "@damso/contracts/fakes/log";
import { createFakeTable } from "@damso/contracts/fakes/table";
import type { FakeTable } from "@damso/contracts/fakes/table";
import type { Put } from "../tables.ts";
import type { LogObserver, LogStoreDeps } from "./context.ts";
import { openLogStore } from "./open.ts";
import type { LogStore } from "./store.ts";

export const CHANNEL = "g1500000000000000001" as ChannelId;
export const OTHER = "g1500000000000000002" as ChannelId;

export type LogScene = {
  log: FakeLog;
  table: FakeTable;
  /** What observers were told, in order: `adopted 3`, `flushed 2 to 5`. */
  told: string[];
  /** Runs at every pause; by default what is late arrives. */
  paused: { run(): void };
  open(more?: Partial<LogStoreDeps>): Promise<LogStore>;
};

export function logScene(): LogScene {
  const log = createFakeLog();
  const table = createFakeTable();
  const told: string[] = [];
  const paused = {
    run() {
      log.arrive();
    },
  };
  let openings = 0;
  return {
    log,
    table,
    told,
    paused,
    open: (more) =>
      openLogStore({
        shard: 3,
        epoch: 1,
        writer: `w${++openings}`,
        log,
        table,
        async pause() {
          paused.run();
        },
        observe: observer(told),
        ...more,
      }),
  };
}

function observer(told: string[]): LogObserver {
  const message = (error: unknown): string => (error as Error).message;
  return {
    adopted: (seq) => void told.push(`adopted ${seq}`),
    retried: (error) => void told.push(`retried: ${message(error)}`),
    fenced: () => void told.push("fenced"),
    flushed: (rows, position) => void told.push(`flushed ${rows} to ${position}`),
    delayed: (error) => void told.push(`delayed: ${message(error)}`),
    alarmed: (error) => void told.push(`alarmed: ${message(error)}`),
  };
}

export function body(seq: number, text: string | null, channel: ChannelId = CHANNEL): Put {
  return { table: "bodies", key: [channel, seq], row: text === null ? null : { body: text } };
}

/** The bodies of a channel, in order. */
export async function bodiesOf(
  store: Pick<LogStore, "range">,
  more: { limit?: number; reverse?: boolean; from?: number; to?: number } = {},
  channel: ChannelId = CHANNEL,
): Promise<[number, string][]> {
  const entries = await store.range("bodies", { prefix: [channel], limit: 1000, ...more });
  return entries.map(({ key, row }) => [key[1], row.body]);
}

/** How a promise ends: `ok`, or the code or message of its error. */
export function outcome(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "ok",
    (error: Error & { code?: string }) => error.code ?? error.message,
  );
}
