/**
 * `npm run cluster`: NATS, Cassandra and PostgreSQL on free ports, and three nodes on them; any of the addresses that it
 * prints serves the page. Ends at Ctrl-C, with all that it started. `-- --nodes 2` takes another number.
 */
import { parseArgs } from "node:util";
import { endRig } from "../rig/server.ts";
import { cassandraNodes, natsNodes, postgresNode } from "../services/services.ts";
import { startCluster } from "./cluster.ts";

const { nodes, shards } = numbers();
console.log(
  "starting NATS, Cassandra and PostgreSQL; the first time they are fetched, which takes minutes …",
);
const [nats, cassandra, postgres] = await Promise.all([
  natsNodes(1),
  cassandraNodes(1),
  postgresNode(),
]);
const ended = Promise.withResolvers<void>();
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => ended.resolve());
try {
  const engines = { nats, cassandra, postgres };
  const cluster = await startCluster({ engines, nodes, shards, flags: { "log-level": "warn" } });
  console.log(`NATS        ${nats.urls.join(" ")}`);
  console.log(`Cassandra   ${cassandra.hosts.join(" ")}, port ${cassandra.port}`);
  console.log(`PostgreSQL  ${cluster.flags["postgres"]}`);
  for (const [at, { origin }] of cluster.nodes.entries())
    console.log(`Damso ${at + 1}     ${origin.replace("127.0.0.1", "localhost")}`);
  await ended.promise;
  console.log("stopping …");
  await cluster.stop();
} finally {
  await endRig();
  await Promise.all([nats.stop(), cassandra.stop(), postgres.stop()]);
}

function numbers(): { nodes: number; shards: number } {
  const { values } = parseArgs({
    options: {
      nodes: { type: "string", default: "3" },
      shards: { type: "string", default: "16" },
    },
  });
  return { nodes: Number(values.nodes), shards: Number(values.shards) };
}
