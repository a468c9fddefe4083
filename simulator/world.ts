/** Everything that one run consists of. Made in `run.ts`; a record, so that each part shows what it uses. */
import type { AccountsData } from "@damso/contracts/fakes/accounts-data";
import type { ClientId } from "@damso/protocol/ids";
import type { Witness } from "./checkers/witness.ts";
import type { Random } from "./kernel/random.ts";
import type { Scheduler } from "./kernel/scheduler.ts";
import type { Tally } from "./kernel/tally.ts";
import type { Disk } from "./models/disk.ts";
import type { Network } from "./models/network.ts";
import type { Rows } from "./models/rows.ts";
import type { Device } from "./people/device.ts";
import type { Plan } from "./plan.ts";
import type { Server } from "./server/server.ts";
import { isExpected, textOf } from "./warnings.ts";

export type World = {
  seed: number;
  plan: Plan;
  scheduler: Scheduler;
  random: Random;
  tally: Tally;
  network: Network;
  witness: Witness;
  /** The relational store: it outlives every server. */
  accounts: AccountsData;
  accounts_faults: { unavailable: number; delay_ms: number };
  /** The disk of a single server. */
  disk: Disk | undefined;
  backup: Rows | undefined;
  /** That took the place of the store. */
  restored: boolean;
  /** Places of the engines of a cluster, for cuts: `log`, `table`, `discovery`. */
  engines: string[];
  /** Faults of the engines of a cluster: whether they act. */
  troubleLog(): boolean;
  troubleTable(): boolean;
  troubleDiscovery(): boolean;
  tableAway(): boolean;
  /** Ends every fault of disks and engines. */
  repair(): void;
  /** What shards have not told each other yet, in words. */
  undelivered(): string[];
  /** What the logs of a cluster have taken, put by put. */
  truth: Rows;
  /** All rows as they are durable now. */
  rows(): Rows;
  servers: Server[];
  devices: Device[];
  /** Sockets opened so far, and sends meant. */
  sockets: number;
  sends: number;
  /** Sends that an app forgot before anything of them was stored. */
  forgotten: Set<ClientId>;
  /** What a server said that points at a bug of ours. */
  bugs: string[];
  /** Faults are over: what is still wrong has to come right. */
  healing: boolean;
  /** No server runs, and none starts. */
  dark: boolean;
};

/** A server warns of something: a bug of ours, unless an injected fault of this run says the same. */
export function noteWarning(world: World, where: string, what: string, error: unknown): void {
  const text = textOf(error);
  world.scheduler.note(`${where} warns: ${what}: ${text.slice(0, 200)}`);
  if (isExpected(world.plan, world.tally.faults(), text)) return;
  const stack = error instanceof Error ? `\n${error.stack ?? ""}` : "";
  // Nothing that was committed is missing in a store of these runs: whoever says so is wrong.
  const rule = text.startsWith("hole in") ? "[I25] " : "";
  world.bugs.push(`${rule}${where}: ${what}: ${text}${stack}`);
}
