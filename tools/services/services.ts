/**
 * Real servers on free ports of loopback for tests, without Docker and without root.
 *
 * ```ts
 * import { freshName, natsServer } from "@damso/tools/services/services";
 *
 * const nats = await natsServer();            // the one of this run, else one of its own
 * const stream = freshName("log");            // so that test files can share it
 * afterAll(() => nats.stop());                // connect to nats.urls
 *
 * const nodes = await natsNodes(3);           // its own: it may be hurt
 * await nodes.kill(0);                        // pause(0), resume(0), restart(0)
 * await nodes.stop();
 * ```
 *
 * `cassandraServer` and `cassandraNodes(1 | 3)`, `postgresServer` and `postgresNode`, `s3Server` and `s3Node`
 * are the same for the others; `createBucket` makes what Bun's S3 client cannot.
 *
 * All of them end with the process that started them, also when it is killed, and their data with them.
 * A test that needs NATS is called `x.nats.test.ts`; `npm run test:cluster` starts what the names ask for.
 * See docs/services.md.
 */
import type { ApnsAddress } from "./apns.ts";
import { apnsService } from "./apns.ts";
import type { CassandraAddress } from "./cassandra.ts";
import { cassandraService } from "./cassandra.ts";
import type { Certificates, Signed } from "./certificates.ts";
import type { NatsAddress } from "./nats.ts";
import { natsService } from "./nats.ts";
import type { Control } from "./nodes.ts";
import { startNodes } from "./nodes.ts";
import type { PostgresAddress } from "./postgres.ts";
import { postgresService } from "./postgres.ts";
import type { S3Address } from "./s3.ts";
import { s3Service } from "./s3.ts";
import type { Shared } from "./shared.ts";
import { shared } from "./shared.ts";

export { freshName } from "./shared.ts";
export { ToolMissing } from "./get/tool.ts";
export { createBucket } from "./s3.ts";
export { makeCertificates } from "./certificates.ts";
export type {
  ApnsAddress,
  CassandraAddress,
  Certificates,
  Control,
  NatsAddress,
  PostgresAddress,
  S3Address,
  Shared,
};

export function natsServer(): Promise<NatsAddress & Shared> {
  return shared("nats", () => natsService(1));
}

/** Of nodes of one's own. */
export type NodesOptions<Tls> = {
  /** With it they take clients inside TLS; NATS and Cassandra take no others then. */
  tls?: Tls;
  /** Where the data of each node are, on a disk of its own, say. */
  places?: readonly string[];
};

export function natsNodes(
  count: 1 | 3,
  { tls, places }: NodesOptions<Signed> = {},
): Promise<NatsAddress & Control> {
  return startNodes(natsService(count, tls), places);
}

export function cassandraServer(): Promise<CassandraAddress & Shared> {
  return shared("cassandra", () => cassandraService(1));
}

/** With certificates its nodes take only clients that show one of the same authority. */
export function cassandraNodes(
  count: 1 | 3,
  { tls, places }: NodesOptions<Certificates> = {},
): Promise<CassandraAddress & Control> {
  return startNodes(cassandraService(count, tls), places);
}

export function postgresServer(): Promise<PostgresAddress & Shared> {
  return shared("postgres", () => postgresService());
}

export function postgresNode({ tls, places }: NodesOptions<Signed> = {}): Promise<
  PostgresAddress & Control
> {
  return startNodes(postgresService(tls), places);
}

export function apnsServer(): Promise<ApnsAddress & Shared> {
  return shared("apns", () => apnsService);
}

export function s3Server(): Promise<S3Address & Shared> {
  return shared("s3", () => s3Service);
}

export function s3Node(): Promise<S3Address & Control> {
  return startNodes(s3Service);
}
