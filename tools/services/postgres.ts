/** PostgreSQL on a database of its own. */
import { SQL } from "bun";
import { chownSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { asNobody, getPostgres } from "./get/postgres.ts";
import { run } from "./get/tool.ts";
import type { Service } from "./nodes.ts";
import { freePorts } from "./ports.ts";
import { succeeds } from "./until.ts";

export type PostgresAddress = {
  /** `postgres://damso@127.0.0.1:<port>/postgres`: a user who may do everything, without a password. */
  url: string;
};

const HOST = "127.0.0.1";
const USER = "damso";

export const postgresService: Service<PostgresAddress> = {
  name: "postgres",
  deadline_ms: 60_000,
  plan: async (folder) => {
    const programs = await getPostgres();
    const { prefix, owner } = asNobody();
    const [port = 0] = await freePorts(1);
    const data = join(folder, "0");
    mkdirSync(data);
    if (owner) chownSync(data, owner.uid, owner.gid);
    const shape = ["--encoding=UTF8", "--no-locale", "--auth=trust", "--no-sync"];
    const cwd = data;
    await run([...prefix, join(programs, "initdb"), "-D", data, "-U", USER, ...shape], { cwd });
    const settings = {
      listen_addresses: HOST,
      port,
      // A socket file would need a folder that this user may write to.
      unix_socket_directories: "",
      max_connections: 200,
      // In its folder, which is removed, and not in memory of the system that would stay after a kill.
      dynamic_shared_memory_type: "mmap",
    };
    const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
    const url = `postgres://${USER}@${HOST}:${port}/postgres`;
    return {
      address: { url },
      nodes: [
        {
          command: [...prefix, join(programs, "postgres"), "-D", data, ...flags],
          // A kill would leave its children and shared memory to themselves.
          ending: "QUIT",
          isReady: () => succeeds(() => selectOne(url)),
        },
      ],
    };
  },
};

async function selectOne(url: string): Promise<void> {
  const sql = new SQL(url, { max: 1, connectionTimeout: 2 });
  try {
    await sql`select 1`;
  } finally {
    await sql.close();
  }
}
