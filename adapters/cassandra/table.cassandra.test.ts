import { tableContract, tableFaultContract } from "@damso/contracts/table";
import type { Table } from "@damso/core/ports/table";
import type { ChannelId } from "@damso/protocol/ids";
import { freshKeyspace } from "./keyspace.testing.ts";
import { openCassandraTable } from "./open.ts";
import { startProxy } from "./proxy.testing.ts";

const { options, empty } = await freshKeyspace("table");
await (await openCassandraTable(options, 1)).close();

for (const [name, batch_bytes] of [["Cassandra", undefined] as const, ["row by row", 1] as const]) {
  tableContract(name, async () => {
    await empty("bodies");
    const own = batch_bytes === undefined ? options : { ...options, batch_bytes };
    const table = await openCassandraTable(own, 1);
    return { table, close: () => table.close() };
  });
}

/** The driver prepares a statement when it first runs it; the faults are for what comes after. */
async function warm(table: Table): Promise<void> {
  const key = ["g1" as ChannelId, 1] as const;
  await table.write([{ put: { table: "bodies", key, row: { body: "" } }, stamp: 1 }]);
}

tableFaultContract("Cassandra", async () => {
  await empty("bodies");
  const proxy = startProxy({ host: options.hosts[0] ?? "", port: options.port });
  // A partition's batch is there whole or not at all; to lose one row of two, each goes by itself.
  const faulty = { ...options, port: proxy.port, timeout_ms: 300, batch_bytes: 1 };
  const table = await openCassandraTable(faulty, 1);
  await warm(table);
  const close = async (): Promise<void> => {
    await table.close();
    proxy.close();
  };
  return { table, faults: proxy, close };
});
