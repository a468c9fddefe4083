/** Every server that can be asked for by name, and what tests call it. */
import { apnsService } from "./apns.ts";
import { cassandraService } from "./cassandra.ts";
import { checkApns, getApns } from "./get/apns.ts";
import { checkCassandra, getCassandra } from "./get/cassandra.ts";
import { checkNats, getNats } from "./get/nats.ts";
import { checkPostgres, getPostgres } from "./get/postgres.ts";
import { checkS3, getS3 } from "./get/s3.ts";
import { missingTool } from "./get/tool.ts";
import { natsService } from "./nats.ts";
import type { Control, Service } from "./nodes.ts";
import { startNodes } from "./nodes.ts";
import { postgresService } from "./postgres.ts";
import { s3Service } from "./s3.ts";
import { variableOf } from "./shared.ts";

/** What a test file can need. */
export const KINDS = ["nats", "cassandra", "postgres", "s3", "apns"] as const;
export type Kind = (typeof KINDS)[number];

/** How one can be asked for: of two kinds there are also three nodes in the place of one. */
export const OFFERS = [
  "nats",
  "nats3",
  "cassandra",
  "cassandra3",
  "postgres",
  "s3",
  "apns",
] as const;
export type Offer = (typeof OFFERS)[number];

type Entry = { kind: Kind; service: Service<object> };

const ENTRIES: Record<Offer, Entry> = {
  nats: { kind: "nats", service: natsService(1) },
  nats3: { kind: "nats", service: natsService(3) },
  cassandra: { kind: "cassandra", service: cassandraService(1) },
  cassandra3: { kind: "cassandra", service: cassandraService(3) },
  postgres: { kind: "postgres", service: postgresService() },
  s3: { kind: "s3", service: s3Service },
  apns: { kind: "apns", service: apnsService },
};

type Provision = { check: () => Promise<void>; get: () => Promise<unknown> };

const PROVISIONS: Record<Kind, Provision> = {
  nats: { check: checkNats, get: getNats },
  cassandra: { check: checkCassandra, get: getCassandra },
  postgres: { check: checkPostgres, get: getPostgres },
  s3: { check: checkS3, get: getS3 },
  apns: { check: checkApns, get: getApns },
};

export function kindOf(offer: Offer): Kind {
  return ENTRIES[offer].kind;
}

/** What is missing on this machine, in one line; undefined when the kind can be started. */
export function missingFor(kind: Kind): Promise<string | undefined> {
  return missingTool(PROVISIONS[kind].check);
}

export type Started = {
  /** The variable and the address as JSON, for the environment of the tests. */
  variable: string;
  address: string;
  stop(): Promise<void>;
};

/** Fetches or builds it if need be. Builds of several are asked for one after the other. */
export async function provide(kind: Kind): Promise<void> {
  await PROVISIONS[kind].get();
}

export async function startOffer(offer: Offer): Promise<Started> {
  const { kind, service } = ENTRIES[offer];
  const nodes = await startNodes<object>(service);
  return { variable: variableOf(kind), address: addressOf(nodes), stop: () => nodes.stop() };
}

/** What is left of the nodes when one cannot do anything to them. */
function addressOf(nodes: Partial<Control>): string {
  return JSON.stringify({ ...nodes, folder: undefined });
}
