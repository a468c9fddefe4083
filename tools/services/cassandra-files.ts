/** What a Cassandra node reads and how its Java is called. Small: three of them share a laptop with tests. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Certificates } from "./certificates.ts";

/** The third of all tokens that each of three nodes begins at; fixed, so that they can all start at once. */
const TOKENS = ["-9223372036854775808", "-3074457345618258603", "3074457345618258602"];

type Files = {
  cluster: string;
  hosts: readonly string[];
  at: number;
  port: number;
  storagePort: number;
  data: string;
  /** With them it takes clients inside TLS only, and only those that show a certificate. */
  tls?: Certificates | undefined;
};

/** `cassandra.yaml`. Every node is a seed: none waits for another to be there first. */
export function yamlOf({ cluster, hosts, at, port, storagePort, data, tls }: Files): string {
  const seeds = hosts.map((host) => `${host}:${storagePort}`).join(",");
  const settings = {
    // Its own, so that no node of another run is ever taken for one of these.
    cluster_name: `"${cluster}"`,
    num_tokens: 1,
    initial_token: `"${TOKENS[at]}"`,
    partitioner: "org.apache.cassandra.dht.Murmur3Partitioner",
    endpoint_snitch: "SimpleSnitch",
    listen_address: hosts[at],
    rpc_address: hosts[at],
    native_transport_port: port,
    storage_port: storagePort,
    data_file_directories: `["${data}/data"]`,
    commitlog_directory: `"${data}/commitlog"`,
    saved_caches_directory: `"${data}/saved_caches"`,
    hints_directory: `"${data}/hints"`,
    cdc_raw_directory: `"${data}/cdc_raw"`,
    // What was acknowledged survives a kill.
    commitlog_sync: "batch",
    // Tests drop what they made, and nobody wants a copy of it.
    auto_snapshot: false,
    memtable_allocation_type: "heap_buffers",
    file_cache_size: "64MiB",
    concurrent_reads: 16,
    concurrent_writes: 16,
    seed_provider: `[{ class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{ seeds: "${seeds}" }] }]`,
    ...(tls && { client_encryption_options: encryptionOf(tls, data) }),
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}: ${value}`);
  return `${lines.join("\n")}\n`;
}

/** Its certificate and key are one file, which is made beside its data. */
function encryptionOf({ ca, server }: Certificates, data: string): string {
  const keystore = `${data}.pem`;
  const texts = [server.key, server.cert].map((path) => readFileSync(path, "utf8"));
  writeFileSync(keystore, texts.join(""));
  const factory = "org.apache.cassandra.security.PEMBasedSslContextFactory";
  const stores = `keystore: "${keystore}", truststore: "${ca}"`;
  return `{ enabled: true, optional: false, require_client_auth: true, ssl_context_factory: { class_name: ${factory} }, ${stores} }`;
}

export const LOGBACK = `<configuration>
  <appender name="OUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%-5level %date{HH:mm:ss.SSS} %logger{0} %msg%n</pattern></encoder>
  </appender>
  <root level="INFO"><appender-ref ref="OUT" /></root>
</configuration>
`;

/** Inner parts of Java, by module, that Cassandra reaches into: its own `jvm17-server.options` names them. */
const INNER: Record<string, string> = {
  "java.base":
    "java.io java.lang java.lang.module java.lang.reflect java.math java.net java.nio java.nio.file.spi " +
    "java.util java.util.concurrent java.util.concurrent.atomic java.util.concurrent.locks " +
    "jdk.internal.loader jdk.internal.math jdk.internal.misc jdk.internal.module jdk.internal.perf " +
    "jdk.internal.ref jdk.internal.reflect jdk.internal.util jdk.internal.util.jar sun.nio.ch",
  "java.rmi": "sun.rmi.registry sun.rmi.server sun.rmi.transport sun.rmi.transport.tcp",
  "java.sql": "java.sql",
  "java.management": "com.sun.jmx.remote.security",
  "java.logging": "java.util.logging",
  "jdk.management": "com.sun.management.internal",
  "jdk.compiler": "com.sun.tools.javac.file",
  "jdk.attach": "sun.tools.attach",
};

function innerFlags(): string[] {
  return Object.entries(INNER).flatMap(([module, packages]) =>
    packages
      .split(" ")
      .flatMap((name) =>
        ["opens", "exports"].map((kind) => `--add-${kind}=${module}/${name}=ALL-UNNAMED`),
      ),
  );
}

type Paths = { jars: string; config: string; data: string; logback: string };

export function jvmFlags(paths: Paths): string[] {
  return [
    "-Xms256m",
    "-Xmx640m",
    "-XX:MaxDirectMemorySize=256m",
    // Most of a test's wait is Java becoming fast: the quick compiler halves it, and costs throughput.
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    // What weighs objects. Without it Cassandra weighs them by reflection, for seconds at every start.
    `-javaagent:${join(paths.jars, "jamm-0.4.0.jar")}`,
    ...innerFlags(),
    "-Djdk.attach.allowAttachSelf=true",
    `-Dlogback.configurationFile=file://${paths.logback}`,
    `-Dcassandra.config=file://${paths.config}`,
    `-Dcassandra.storagedir=${paths.data}`,
    "-Dcassandra-foreground=yes",
    // Everyone is here already: no waiting for news of nodes that do not exist.
    "-Dcassandra.skip_wait_for_gossip_to_settle=0",
    "-Dcassandra.ring_delay_ms=1",
    "-Dcassandra.superuser_setup_delay_ms=0",
    // In bytes: what it would find out by filling a table with 100,000 rows at every start.
    "-Dcassandra.memtable.row_overhead_size=180",
  ];
}
