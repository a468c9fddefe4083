/**
 * The only file that names adapters. Each is imported when it is chosen, so that the embedded server loads no driver
 * of an engine that it does not use.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Accounts } from "@damso/core/ports/accounts";
import type { Blobs } from "@damso/core/ports/blobs";
import type { Bus, GatewayId, GatewayItem } from "@damso/core/ports/bus";
import type { Discovery } from "@damso/core/ports/discovery";
import type { PushSink } from "@damso/core/ports/push";
import type { ShardStore } from "@damso/core/ports/store";
import type { ShardOwner } from "@damso/core/shard/shard";
import type { Config } from "./config.ts";

export type Wiring = {
  store: ShardStore;
  accounts: Accounts;
  blobs: Blobs;
  discovery: Discovery;
  push: PushSink;
  bus: Bus;
  serveShard(owner: ShardOwner): void;
  attachGateway(id: GatewayId, deliver: (items: readonly GatewayItem[]) => void): void;
  close(): Promise<void>;
};

/** Another process has the data directory. */
export const DATA_IN_USE = "data_in_use";

/** Everything in this process and one directory. Errors: code `data_in_use` when another process has it. */
export async function wireEmbedded(config: Config, now: number): Promise<Wiring> {
  const { openLevelStore, LOCKED } = await import("@damso/adapters/leveldb/store");
  const { openDiskBlobs } = await import("@damso/adapters/disk/blobs");
  const { openSqliteAccounts } = await import("@damso/adapters/sqlite/open");
  const { createBus } = await import("@damso/adapters/inprocess/bus");
  const { createRecordingPush } = await import("@damso/adapters/inprocess/push");
  const { createDiscovery } = await import("@damso/adapters/inprocess/discovery");
  await mkdir(config.data, { recursive: true, mode: 0o700 });
  // First: its lock is what keeps a second process out of all the other files too.
  const store = await openLevelStore(join(config.data, "history")).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== LOCKED) throw error;
    const message = `another Damso is running on ${config.data}`;
    throw Object.assign(new Error(message), { code: DATA_IN_USE });
  });
  const accounts = await openSqliteAccounts(join(config.data, "accounts.sqlite"), now);
  const blobs = await openDiskBlobs(join(config.data, "media"));
  const bus = createBus();
  return {
    store,
    accounts,
    blobs,
    discovery: createDiscovery(),
    // Senders for push services come behind the same port.
    push: createRecordingPush(),
    bus,
    // Without the signal: the bus has looked at it, and a command that is in the order of its channel takes effect there
    // whether or not somebody still waits for the answer.
    serveShard: (owner) => void bus.serve((command) => owner.request(command)),
    attachGateway: (id, deliver) => void bus.attachGateway(id, deliver),
    async close() {
      await accounts.close();
      await store.close();
    },
  };
}
