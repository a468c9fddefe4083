import { expect, test } from "bun:test";
import { needsOf } from "./needs.ts";

const CASES: [path: string, kinds: string[]][] = [
  ["adapters/nats/log.nats.test.ts", ["nats"]],
  ["adapters/nats/log.test.ts", []],
  ["adapters/cassandra/table.cassandra.test.ts", ["cassandra"]],
  ["server/shard/store.cassandra.nats.test.ts", ["nats", "cassandra"]],
  ["adapters/postgres/accounts.postgres.test.ts", ["postgres"]],
  ["adapters/s3/blobs.s3.test.ts", ["s3"]],
  ["tools/tests/failover.cluster.test.ts", ["nats", "cassandra", "postgres", "s3"]],
  ["nats.test.ts", []],
];

test.each(CASES)("%s needs %p", (path, kinds) => {
  expect([...needsOf(path)]).toEqual(kinds as never);
});
