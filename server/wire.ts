/**
 * The only place, with `wire/`, that names adapters. Each is imported when it is chosen, so that the embedded server loads no driver
 * of an engine that it does not use.
 */
import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { shardOf } from "@damso/core/owner/place";
import type { CassandraTable } from "@damso/adapters/cassandra/open";
import type { LogPlace } from "@damso/adapters/nats/log-ends";
import type { Accounts } from "@damso/core/ports/accounts";
import type { Blobs } from "@damso/core/ports/blobs";
import type { Bus, GatewayId, GatewayItem } from "@damso/core/ports/bus";
import type { Discovery } from "@damso/core/ports/discovery";
import type { Log } from "@damso/core/ports/log";
import type { Scans } from "@damso/core/ports/rows";
import type { ShardStore } from "@damso/core/ports/store";
import type { Table } from "@damso/core/ports/table";
import type { Result } from "@damso/core/result";
import { renewEpoch } from "@damso/core/shard/checkpoint";
import type { Answers, Command, CommandKind } from "@damso/core/shard/commands";
import type { ShardOwner } from "@damso/core/shard/shard";
import type { Config } from "./config.ts";
import { parseCassandra } from "./config/cassandra.ts";
import { clusterStores } from "./portable/cluster.ts";
import { embeddedStores, unfinishedFile } from "./portable/embedded.ts";
import type { MediaStore, Stores } from "./portable/stores.ts";
import { refused } from "./portable/stores.ts";
import { settleShape } from "./shard/shape.ts";
import type { ShapeDeps } from "./shard/shape.ts";
import type { PushDoctorDeps } from "./doctor/push.ts";
import { wirePush, wirePushDoctor } from "./wire/push.ts";
import type { PushWiring } from "./wire/push.ts";

/** All channels and users in one store of this process. */
export type OneShard = { kind: "one"; store: ShardStore; serve: (owner: ShardOwner) => void };

/** Shards that the nodes of a cluster share, each with a log of its own, over one table. */
export type ManyShards = {
  kind: "many";
  count: number;
  /** Of the logs: see `core/log/context.ts`. */
  epoch: number;
  /** Rows of one shard that the table may lack before sends are refused. */
  unflushed_bytes_max: number;
  openLog(shard: number): Promise<Log>;
  table: Table;
  /** From now on this node is asked for the shard; the answer takes it back. */
  serve(shard: number, answer: Answer): () => void;
};

export type Answer = <K extends CommandKind>(command: Command<K>) => Promise<Result<Answers[K]>>;

export type Wiring = {
  shards: OneShard | ManyShards;
  accounts: Accounts;
  /** Numbers the ids that this node gives to accounts; shards count theirs from 0 up. */
  accounts_node: number;
  blobs: Blobs;
  discovery: Discovery;
  push: PushWiring;
  bus: Bus;
  /** What did not get to another node, by reason; absent where there is none. */
  drops?: () => Readonly<Record<string, number>>;
  attachGateway(id: GatewayId, deliver: (items: readonly GatewayItem[]) => void): void;
  /** Where clients reach this node when nobody has said so; undefined: where their request found it. */
  urlOf(host: string, port: number): string | undefined;
  close(): Promise<void>;
};

/** Another process has the data directory. */
export const DATA_IN_USE = "data_in_use";

/** The largest number that an id has room for. */
const NODE_MAX = 1023;

/** Engines of others where their addresses are given, else everything in this process. */
export function wire(config: Config, world: World): Promise<Wiring> {
  return config.nats === "" ? wireEmbedded(config, world) : wireCluster(config, world);
}

export type World = {
  now: number;
  /** Something between nodes went wrong, and nothing is lost by it. */
  warned: (what: string, error: unknown) => void;
};

/** Everything in this process and one directory. Errors: code `data_in_use` when another process has it. */
async function wireEmbedded(config: Config, { now }: World): Promise<Wiring> {
  const { openSqliteAccounts } = await import("@damso/adapters/sqlite/open");
  const { createBus } = await import("@damso/adapters/inprocess/bus");
  const { createDiscovery } = await import("@damso/adapters/inprocess/discovery");
  // First: its lock is what keeps a second process out of all the other files too.
  const store = await openHistory(config);
  const accounts = await openSqliteAccounts(accountsFile(config), now);
  const bus = createBus();
  const push = await wirePush(config);
  return {
    shards: {
      kind: "one",
      store,
      // Without the signal: the bus has looked at it, and a command that is in the order of its channel takes effect there
      // whether or not somebody still waits for the answer.
      serve: (owner) => void bus.serve((command) => owner.request(command)),
    },
    accounts,
    accounts_node: NODE_MAX,
    blobs: await openBlobs(config),
    discovery: createDiscovery(),
    push,
    bus,
    attachGateway: (id, deliver) => void bus.attachGateway(id, deliver),
    urlOf: () => undefined,
    async close() {
      await push.close();
      await accounts.close();
      await store.close();
    },
  };
}

const accountsFile = ({ data }: Config): string => join(data, "accounts.sqlite");
const mediaFolder = ({ data }: Config): string => join(data, "media");

/** Of a directory that nobody else has, and into which no import was cut off. */
async function openHistory({ data }: Config): Promise<ShardStore & Scans> {
  const { openLevelStore, LOCKED } = await import("@damso/adapters/leveldb/store");
  await mkdir(data, { recursive: true, mode: 0o700 });
  const store = await openLevelStore(join(data, "history")).catch((error: unknown) => {
    if ((error as { code?: unknown }).code !== LOCKED) throw error;
    const message = `another Damso is running on ${data}`;
    throw Object.assign(new Error(message), { code: DATA_IN_USE });
  });
  // Only now: an import that goes on has the lock.
  if (!existsSync(unfinishedFile(data))) return store;
  await store.close();
  throw refused(`an import into ${data} has not come to its end: delete it, and import again`);
}

function assertStarted(config: Config): void {
  if (!existsSync(accountsFile(config)))
    throw refused(`no server has ever been started on ${config.data}`);
}

/** The engines of a cluster. Errors: those of the adapters, each with a code and a sentence that says what to do. */
async function wireCluster(config: Config, { now, warned }: World): Promise<Wiring> {
  const { openNatsLog } = await import("@damso/adapters/nats/log");
  const { createNatsBus } = await import("@damso/adapters/nats/bus");
  await mkdir(config.data, { recursive: true, mode: 0o700 });
  const { connection, table, discovery, close, shape } = await openCluster(config, now);
  await settleShape(shape, config);
  const accounts = await openAccounts(config, now);
  const { cluster: prefix, replicas, epoch, shards: count } = config;
  const push = await wirePush(config);
  const bus = createNatsBus({
    connection,
    prefix,
    shardOf: (command) => shardOf(command, count),
    failed: warned,
  });
  return {
    shards: {
      kind: "many",
      count,
      epoch,
      unflushed_bytes_max: config.unflushed_mib * 1024 * 1024,
      openLog: (shard) => openNatsLog({ connection, prefix, epoch, shard, replicas }),
      table,
      serve: (shard, answer) => bus.serve(shard, answer),
    },
    accounts,
    // Behind those of the shards. Two nodes that have drawn the same could give out one id in one millisecond: the table
    // of users refuses the second.
    accounts_node: count + Math.floor(Math.random() * (NODE_MAX + 1 - count)),
    blobs: await openBlobs(config),
    discovery,
    push,
    bus,
    drops: () => bus.drops(),
    attachGateway: (id, deliver) => void bus.attachGateway(id, deliver),
    urlOf: (host, port) => (isEverywhere(host) ? undefined : `http://${host}:${port}`),
    async close() {
      await push.close();
      await accounts.close();
      await close();
    },
  };
}

type OpenCluster = {
  connection: LogPlace["connection"];
  table: CassandraTable;
  discovery: Discovery;
  shape: ShapeDeps;
  close: () => Promise<void>;
};

/** What all of a cluster share, and who has to agree before anything is served. */
async function openCluster(config: Config, now: number): Promise<OpenCluster> {
  const { checkNats } = await import("@damso/adapters/nats/check");
  const { connectNats, closeNats } = await import("@damso/adapters/nats/connect");
  const { findLogEnds } = await import("@damso/adapters/nats/log-ends");
  const { openNatsDiscovery } = await import("@damso/adapters/nats/discovery");
  const { cluster: prefix, replicas } = config;
  const servers = listOf(config.nats);
  const name = `damso ${config.node_id}`;
  await checkNats({ servers, name, monitors: listOf(config.nats_monitors) });
  const table = await openTable(config, now);
  const connection = await connectNats({ servers, name });
  const discovery = await openNatsDiscovery({ connection, prefix, replicas });
  const shape: ShapeDeps = {
    cell: table.cell,
    table,
    discovery,
    logEnds: ({ epoch }, shard) => findLogEnds({ connection, prefix, epoch, shard }),
    now,
  };
  return {
    connection,
    table,
    discovery,
    shape,
    close: async () => {
      await closeNats(connection);
      await table.close();
    },
  };
}

/** The stores without a server, for what carries them elsewhere. `made`: they have to be there already. */
export async function wireStores(
  config: Config,
  { now, made }: { now: number; made: boolean },
): Promise<Stores> {
  return config.nats === "" ? wireDirectory(config, now, made) : wireEngines(config, now);
}

async function wireDirectory(config: Config, now: number, made: boolean): Promise<Stores> {
  const { openSqliteRecords } = await import("@damso/adapters/sqlite/open");
  if (made) assertStarted(config);
  const store = await openHistory(config);
  const records = await openSqliteRecords(accountsFile(config), now);
  const media = await openMedia(config);
  return embeddedStores({ directory: config.data, store, records, media, now });
}

async function wireEngines(config: Config, now: number): Promise<Stores> {
  const { openPostgresRecords } = await import("@damso/adapters/postgres/open");
  const { shape: deps, close } = await openCluster(config, now);
  const { shards, epoch } = config;
  return clusterStores({
    ...deps,
    name: `the cluster ${config.cluster}`,
    shape: { shards, epoch },
    records: await openPostgresRecords({ url: config.postgres }, now),
    media: await openMedia(config),
    pause: (ms) => Bun.sleep(ms),
    close,
  });
}

/** After a backup was put back: every device starts anew, and nothing is given out twice. The answer says what was done. */
export async function wireRestored(config: Config, now: number): Promise<string> {
  if (config.nats !== "") {
    const { shape, close } = await openCluster(config, now);
    try {
      await settleShape(shape, config, { restored: true });
    } finally {
      await close();
    }
    return `the cluster ${config.cluster} is in epoch ${config.epoch}`;
  }
  assertStarted(config);
  const store = await openHistory(config);
  try {
    await renewEpoch(store, 0, now);
  } finally {
    await store.close();
  }
  return `${config.data} has a new epoch`;
}

/** Looks for what keeps notifications from coming; a server may run meanwhile. */
export async function wireDoctor(
  config: Config,
  now: number,
): Promise<PushDoctorDeps & { close(): Promise<void> }> {
  const accounts =
    config.nats === "" ? await openOwnAccounts(config, now) : await openAccounts(config, now);
  const doctor = await wirePushDoctor(config, accounts);
  return {
    ...doctor,
    async close() {
      await doctor.close();
      await accounts.close();
    },
  };
}

async function openOwnAccounts(config: Config, now: number): Promise<Accounts> {
  const { openSqliteAccounts } = await import("@damso/adapters/sqlite/open");
  assertStarted(config);
  return openSqliteAccounts(accountsFile(config), now);
}

async function openMedia(config: Config): Promise<MediaStore> {
  const blobs = await openBlobs(config);
  if (config.s3 === "") {
    const { listDiskBlobs } = await import("@damso/adapters/disk/list");
    return { ...blobs, list: () => listDiskBlobs(mediaFolder(config)) };
  }
  const { listS3Blobs } = await import("@damso/adapters/s3/list");
  return { ...blobs, list: () => listS3Blobs({ url: config.s3 }) };
}

const listOf = (text: string): string[] => text.split(",").filter((one) => one !== "");

/** An address that listens on all of a machine's is none that anybody could call. */
const isEverywhere = (host: string): boolean => host === "0.0.0.0" || host === "::";

/** `cassandra://user:password@host,host:port/keyspace?data_center=dc1`. */
async function openTable(config: Config, now: number): Promise<CassandraTable> {
  const { openCassandraTable } = await import("@damso/adapters/cassandra/open");
  const at = parseCassandra(config.cassandra);
  if (!at) throw new Error("the address of Cassandra is none");
  return openCassandraTable({ ...at, replication: { [at.data_center]: config.replicas } }, now);
}

async function openAccounts(
  config: Config,
  now: number,
): Promise<Accounts & { close(): Promise<void> }> {
  const { openPostgresAccounts } = await import("@damso/adapters/postgres/open");
  return openPostgresAccounts({ url: config.postgres }, now);
}

async function openBlobs(config: Config): Promise<Blobs> {
  if (config.s3 === "") {
    const { openDiskBlobs } = await import("@damso/adapters/disk/blobs");
    return openDiskBlobs(mediaFolder(config));
  }
  const { openS3Blobs } = await import("@damso/adapters/s3/blobs");
  return openS3Blobs({ url: config.s3 });
}
