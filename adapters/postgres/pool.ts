/** The connections to one server, made anew when they no longer answer. */
import { SQL } from "bun";
import { failure } from "./failure.ts";

export type PoolOptions = {
  url: string;
  /** Where the tables lie, when not where the user's `search_path` says. It has to be there. */
  schema?: string;
  connections_max?: number;
  /** How long one statement may take at the server. */
  statement_ms?: number;
  /** How long a transaction may take in all; after that its connection counts as dead. */
  deadline_ms?: number;
};

export type Pool = {
  /** Rejects with `unavailable` when the work takes too long. */
  use<T>(work: (sql: SQL) => Promise<T>): Promise<T>;
  close(): Promise<void>;
};

const CONNECTIONS_MAX = 16;
const CONNECT_S = 5;
const STATEMENT_MS = 5_000;
/** Waiting for somebody's row: they hold it for a few statements. */
const LOCK_MS = 3_000;
const DEADLINE_MS = 15_000;

export function createPool(options: PoolOptions): Pool {
  const deadline_ms = options.deadline_ms ?? DEADLINE_MS;
  let closed = false;
  let sql = connect(options);

  /** A server that says nothing leaves its connections open for ever, and each holds a place in the pool. */
  function replace(silent: SQL): void {
    if (sql !== silent || closed) return;
    sql = connect(options);
    void end(silent, 0);
  }

  return {
    async use(work) {
      if (closed) throw failure("unavailable", "the accounts database is closed");
      const used = sql;
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(() => {
        replace(used);
        late.reject(
          failure("unavailable", `the accounts database is silent for ${deadline_ms} ms`),
        );
      }, deadline_ms);
      try {
        return await Promise.race([work(used), late.promise]);
      } finally {
        clearTimeout(timer);
      }
    },
    async close() {
      if (closed) return;
      closed = true;
      await end(sql, deadline_ms / 1_000);
    },
  };
}

function connect(options: PoolOptions): SQL {
  return new SQL({
    url: options.url,
    max: options.connections_max ?? CONNECTIONS_MAX,
    connectionTimeout: CONNECT_S,
    connection: {
      application_name: "damso",
      // On the disk of the server, whatever the database's default is.
      synchronous_commit: "on",
      // Rows are locked where that matters; see adapters/sql.
      default_transaction_isolation: "read committed",
      statement_timeout: options.statement_ms ?? STATEMENT_MS,
      lock_timeout: LOCK_MS,
      // A node that stops in the middle holds its rows no longer than this.
      idle_in_transaction_session_timeout: options.deadline_ms ?? DEADLINE_MS,
      ...(options.schema !== undefined && { search_path: options.schema }),
    },
  });
}

/** Whatever goes wrong with connections that nobody uses any more is no news. */
async function end(sql: SQL, timeout_s: number): Promise<void> {
  await sql.close({ timeout: timeout_s }).catch(() => {});
}
