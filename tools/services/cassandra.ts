/** Cassandra, synced to disk before it acknowledges: one node, or three that each hold everything. */
import { writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import type { Certificates } from "./certificates.ts";
import { textsOf } from "./certificates.ts";
import { jvmFlags, LOGBACK, yamlOf } from "./cassandra-files.ts";
import type { Place } from "./cql.ts";
import { CONSISTENCY, runCql } from "./cql.ts";
import { getCassandra } from "./get/cassandra.ts";
import type { Node, Service } from "./nodes.ts";
import { freePorts } from "./ports.ts";
import { succeeds } from "./until.ts";

export type CassandraAddress = {
  /** `127.0.0.1`, and for three nodes also `127.0.0.2` and `127.0.0.3`: a driver dials them all on one port. */
  hosts: string[];
  /** Belongs into the driver's `protocolOptions.port`, else it dials the nodes that it hears of on 9042. */
  port: number;
  datacenter: string;
};

/** With certificates it takes clients inside TLS only. */
export function cassandraService(count: 1 | 3, tls?: Certificates): Service<CassandraAddress> {
  return {
    name: `cassandra${count}`,
    deadline_ms: 240_000,
    plan: async (folder) => {
      const { java, jars } = await getCassandra();
      const hosts = ["127.0.0.1", "127.0.0.2", "127.0.0.3"].slice(0, count);
      const [port = 0, storagePort = 0] = await freePorts(2, hosts);
      const logback = join(folder, "logback.xml");
      writeFileSync(logback, LOGBACK);
      const places = hosts.map((host) => ({ host, port, ...(tls && { tls: textsOf(tls) }) }));
      const nodes = places.map((place, at): Node => {
        const config = join(folder, `${at}.yaml`);
        const data = join(folder, `${at}`);
        writeFileSync(
          config,
          yamlOf({ cluster: basename(folder), hosts, at, port, storagePort, data, tls }),
        );
        const flags = jvmFlags({ jars, config, data, logback });
        const main = "org.apache.cassandra.service.CassandraDaemon";
        return {
          command: [java, ...flags, "-cp", join(jars, "*"), main],
          ending: "KILL",
          isReady: () => succeeds(() => runCql(place, "SELECT key FROM system.local")),
        };
      });
      const address = { hosts, port, datacenter: "datacenter1" };
      return { address, nodes, probeAll: () => writeThroughAll(places) };
    },
  };
}

/**
 * A node takes clients before it has heard of the others, and hears of them before it believes that they
 * are up. A write that every node has to take, through every node, proves all of it. It goes to a table that
 * each node has from the beginning: one that is made while a node does not know the others yet may never get there.
 */
async function writeThroughAll(places: readonly Place[]): Promise<void> {
  if (places.length === 1) return;
  for (const place of places) {
    const insert =
      "INSERT INTO system_distributed.view_build_status (keyspace_name, view_name, host_id, status) " +
      `VALUES ('none', '${place.host}', 00000000-0000-0000-0000-000000000000, 'probe')`;
    await runCql(place, insert, CONSISTENCY.all);
  }
}
