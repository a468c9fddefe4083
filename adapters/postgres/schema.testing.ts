/** A schema of its own for each test, in the server of the run. */
import { SQL } from "bun";
import { freshName, postgresServer } from "@damso/tools/services/services";
import type { PostgresOptions } from "./open.ts";

/** It ends with the process. */
const server = await postgresServer();

export type Schema = {
  options: PostgresOptions & { schema: string };
  /** Past the adapter: for what another node would do in between. */
  other: SQL;
  remove(): Promise<void>;
};

export async function freshSchema(): Promise<Schema> {
  const { url } = server;
  const schema = freshName("accounts");
  const other = new SQL({ url, max: 4, connection: { search_path: schema } });
  await other.unsafe(`CREATE SCHEMA ${schema}`);
  return {
    options: { url, schema, connections_max: 8 },
    other,
    remove: async () => {
      await other.unsafe(`DROP SCHEMA ${schema} CASCADE`);
      await other.close();
    },
  };
}
