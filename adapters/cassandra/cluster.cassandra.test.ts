/** Three nodes that each hold everything. They take their time on a small machine. */
import { afterAll, describe, expect, test } from "bun:test";
import type { Stamped } from "@damso/core/ports/table";
import type { ChannelId } from "@damso/protocol/ids";
import { cassandraNodes, freshName } from "@damso/tools/services/services";
import { openCassandraTable } from "./open.ts";
import type { CassandraTable } from "./open.ts";
import { openSession } from "./session.ts";

const nodes = await cassandraNodes(3);
const { hosts, port, datacenter } = nodes;
afterAll(() => nodes.stop(), 60_000);

const options = { port, data_center: datacenter, keyspace: freshName("cluster") };
const replication = { [datacenter]: 3 };

/** One that reaches this node first, and the others through it. */
const open = (host: string): Promise<CassandraTable> =>
  openCassandraTable({ ...options, hosts: [host], replication }, 1);

describe("three nodes", () => {
  test("[S14] servers that start at once at different nodes agree on every table", async () => {
    const tables = await Promise.all(hosts.map(open));
    const session = await openSession({ ...options, hosts });
    const { client } = session;
    const known = client.hosts.values();
    expect(known.map((host) => host.address).toSorted()).toEqual(
      hosts.map((host) => `${host}:${port}`),
    );
    const ids: string[] = [];
    for (const host of known) {
      const found = await client.execute(
        "SELECT table_name, id FROM system_schema.tables WHERE keyspace_name = ?",
        [options.keyspace],
        { host, consistency: 1 },
      );
      ids.push(found.rows.map((row) => `${row["table_name"]} ${row["id"]}`).join("\n"));
    }
    expect(ids[0]).toContain("messages ");
    expect(new Set(ids).size).toBe(1);
    await tables[0]?.write([{ put: { table: "fed", key: [1, 1], row: { n: 5 } }, stamp: 1 }]);
    for (const table of tables) expect(await table.get("fed", [1, 1])).toEqual({ n: 5 });
    await Promise.all(tables.map((table) => table.close()));
    await session.close();
  }, 240_000);

  test("[I1] a node that is killed under load fails no write, and all that was answered is there", async () => {
    const table = await open(hosts[0] ?? "");
    const answered = new Map<ChannelId, number>();
    const load = { ends: false };
    const writers = Array.from({ length: 8 }, async (_, n) => {
      const channel = `g150000000000000000${n}` as ChannelId;
      for (let seq = 1; !load.ends; seq += 20) {
        const rows = Array.from({ length: 20 }, (_each, i): Stamped => {
          const key = [channel, seq + i] as const;
          return { put: { table: "bodies", key, row: { body: `b${seq + i}` } }, stamp: seq };
        });
        await table.write(rows);
        answered.set(channel, seq + 19);
      }
    });
    await Bun.sleep(2_000);
    await nodes.kill(2);
    const atKill = new Map(answered);
    await Bun.sleep(8_000);
    load.ends = true;
    await Promise.all(writers);
    expect(answered.size).toBe(8);
    for (const [channel, last] of answered) {
      expect(last).toBeGreaterThan(atKill.get(channel) ?? 0);
      const found = await table.range("bodies", { prefix: [channel], limit: last + 1 });
      expect(found.map(({ key }) => key[1])).toEqual(Array.from({ length: last }, (_, i) => i + 1));
    }
    await table.close();
  }, 120_000);
});
