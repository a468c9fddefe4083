/** PostgreSQL on a database of its own. */
import { SQL } from "bun";
import { chmodSync, chownSync, copyFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Signed } from "./certificates.ts";
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

/** With a certificate it takes clients inside TLS too. */
export const postgresService = (tls?: Signed): Service<PostgresAddress> => ({
  name: "postgres",
  deadline_ms: 60_000,
  plan: async (folder) => {
    const programs = await getPostgres();
    const { prefix, owner } = asNobody();
    const [port = 0] = await freePorts(1);
    const data = join(folder, "0");
    mkdirSync(data, { recursive: true });
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
      ...(tls && certify(tls, folder, owner)),
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
});

type Owner = { uid: number; gid: number } | undefined;

/** It reads a key that is its own and nobody else's, so it gets copies. */
function certify(tls: Signed, folder: string, owner: Owner): Record<string, string> {
  const [cert, key] = [join(folder, "server.pem"), join(folder, "server.key")];
  copyFileSync(tls.cert, cert);
  copyFileSync(tls.key, key);
  for (const path of [cert, key]) {
    chmodSync(path, 0o600);
    if (owner) chownSync(path, owner.uid, owner.gid);
  }
  return { ssl: "on", ssl_cert_file: cert, ssl_key_file: key };
}

async function selectOne(url: string): Promise<void> {
  const sql = new SQL(url, { max: 1, connectionTimeout: 2 });
  try {
    await sql`select 1`;
  } finally {
    await sql.close();
  }
}
