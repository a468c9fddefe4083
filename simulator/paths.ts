/** What a sweep must have reached to mean anything: every kind of fault, and what happens only sometimes. */
import { FAULTS, SHARDED_FAULTS, SINGLE_FAULTS } from "./plan.ts";
import type { FaultKind, Wiring } from "./plan.ts";

/** `seldom`: a sweep of a few minutes may miss it, because 250 seeds come to it less than fifty times. */
export type Reach = { name: string; wiring?: Wiring; seldom?: true };

/** So many seeds come to everything. */
const SEEDS_FOR_ALL = 1000;
/** And so many to what is not seldom. */
const SEEDS_FOR_MOST = 250;

/** Whether a sweep of so many seeds has to have reached it. */
export const isJudged = ({ seldom }: Reach, seeds: number): boolean =>
  seeds >= (seldom ? SEEDS_FOR_ALL : SEEDS_FOR_MOST);

const wiringOf = (kind: FaultKind): Pick<Reach, "wiring"> => {
  if (SHARDED_FAULTS.includes(kind)) return { wiring: "sharded" };
  return SINGLE_FAULTS.includes(kind) ? { wiring: "single" } : {};
};

const seldomOf = (kind: FaultKind): Pick<Reach, "seldom"> =>
  kind === "backup restored" ? { seldom: true } : {};

/** The kinds that the nemesis begins, and the single faults that they lead to. */
export const FAULT_KINDS: readonly Reach[] = [
  ...FAULTS.map((name): Reach => ({ name, ...wiringOf(name), ...seldomOf(name) })),
  { name: "all servers away for long", seldom: true },
  { name: "commit on a full disk", wiring: "single" },
  { name: "failed sync", wiring: "single" },
  { name: "failed read", wiring: "single" },
  { name: "server clock stopped" },
  { name: "device clock stopped" },
  { name: "accounts store unavailable" },
  { name: "packet lost on a stream" },
  { name: "call lost" },
  { name: "answer lost" },
  { name: "answer cut off" },
  { name: "push service refused" },
  { name: "bus message lost", wiring: "sharded" },
  { name: "bus message doubled", wiring: "sharded" },
  { name: "bus message overtaken", wiring: "sharded" },
  { name: "bus message cut off", wiring: "sharded" },
  { name: "append lost", wiring: "sharded" },
  { name: "append late", wiring: "sharded" },
  { name: "append unanswered", wiring: "sharded" },
  { name: "write lost", wiring: "sharded" },
  { name: "write late", wiring: "sharded" },
  { name: "write unanswered", wiring: "sharded" },
  { name: "write applied in part", wiring: "sharded" },
  { name: "stale read", wiring: "sharded" },
  { name: "lease lost", wiring: "sharded" },
  { name: "call of an engine cut off", wiring: "sharded" },
  { name: "answer of an engine cut off", wiring: "sharded" },
];

export const PATHS: readonly Reach[] = [
  { name: "a device was reset: behind the tail" },
  { name: "a device was reset: the store was put back", seldom: true },
  { name: "a feed was trimmed" },
  { name: "a feed was trimmed while a page of it was read", seldom: true },
  { name: "a socket was closed: home out of reach", wiring: "sharded" },
  { name: "a device was closed: replaced" },
  { name: "a device was closed: session_ended" },
  { name: "a device logged out" },
  { name: "a feed was polled" },
  { name: "a socket lagged" },
  { name: "a head was told" },
  { name: "a slow reader was closed" },
  { name: "a session was revoked" },
  { name: "a send was repeated by another way" },
  { name: "somebody asked for what is not his" },
  { name: "a new device read everything" },
  { name: "a server ended in good order" },
  { name: "a store failed and was put right", wiring: "single" },
  { name: "a failed store was opened again", wiring: "single" },
  { name: "an unanswered commit landed", wiring: "single" },
  { name: "an unanswered commit was lost", wiring: "single" },
  { name: "a record whose append was not answered was adopted", wiring: "sharded" },
  { name: "an append was tried again", wiring: "sharded" },
  { name: "an append was refused by the fence", wiring: "sharded" },
  { name: "an owner was fenced", wiring: "sharded", seldom: true },
  { name: "two nodes believed to own a shard", wiring: "sharded", seldom: true },
  { name: "rows were flushed", wiring: "sharded" },
  { name: "a flush failed and was tried again", wiring: "sharded" },
  { name: "a shard was pressed by its table", wiring: "sharded" },
  { name: "a shard was given up: fenced", wiring: "sharded", seldom: true },
  { name: "a shard was given up: lapsed", wiring: "sharded" },
  { name: "a shard was given up: lost", wiring: "sharded", seldom: true },
  { name: "a shard was given up: left", wiring: "sharded" },
];
