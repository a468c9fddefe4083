/** The driver as this adapter uses it: what every statement has in common. */
import { Client, policies, types } from "cassandra-driver";
import type { Statement } from "./cql.ts";
import { asFailure, asOpenFailure, failure } from "./failure.ts";
import { createFlight } from "./flight.ts";
import type { Secure } from "./secure.ts";
import { tlsOptions } from "./secure.ts";

export type SessionOptions = {
  /** Addresses of some nodes; the others are found through them. */
  hosts: readonly string[];
  /** All nodes listen on one port. */
  port: number;
  data_center: string;
  username?: string;
  password?: string;
  /** Inside TLS, with verified certificates; without it in the clear. */
  tls?: Secure;
  /** How long one node may take for one answer. */
  timeout_ms?: number;
};

export type Session = {
  /** One statement, prepared; all pages of its rows. */
  run(statement: Statement): Promise<types.Row[]>;
  /** Statements of one partition, all or none. */
  batch(statements: readonly Statement[]): Promise<void>;
  /** For what is not asked twice, or not with these settings: schema, locks. */
  client: Client;
  close(): Promise<void>;
};

/** Nodes give up on a write after 2 s and say so; this is for those that say nothing. */
const TIMEOUT_MS = 3000;
const CONNECT_TIMEOUT_MS = 5000;
const RECONNECT_MS = 500;
/** More under way at once makes each slower and none sooner. */
const AT_ONCE_MAX = 256;
const WAITING_MAX = 20_000;
/** Rows of one page of an answer; the largest rows of a range have 5 KB. */
const PAGE_ROWS = 500;

/** Connects, or rejects with a `CassandraFailure` that says why not. */
export async function openSession(options: SessionOptions): Promise<Session> {
  const client = new Client(clientOptions(options));
  try {
    await client.connect();
  } catch (error) {
    await client.shutdown();
    const places = options.hosts.map((host) => `${host}:${options.port}`);
    throw asOpenFailure(error, places, options.tls !== undefined);
  }
  return sessionOf(client);
}

function clientOptions(options: SessionOptions): ConstructorParameters<typeof Client>[0] {
  const { hosts, port, data_center, username, password, tls, timeout_ms } = options;
  return {
    contactPoints: hosts.map((host) => `${host}:${port}`),
    protocolOptions: {
      // The nodes that are found are dialled on this port, whatever the contact points have.
      port,
      // All nodes that are new enough speak it. The driver would ask for more first, and after a refusal give one
      // number to two requests, of which one then never gets its answer.
      maxVersion: types.protocolVersion.v4,
    },
    localDataCenter: data_center,
    ...(username !== undefined && { credentials: { username, password: password ?? "" } }),
    ...(tls && { sslOptions: tlsOptions(tls, hosts) }),
    encoding: { useBigIntAsLong: true },
    policies: { reconnection: new policies.reconnection.ConstantReconnectionPolicy(RECONNECT_MS) },
    socketOptions: {
      readTimeout: timeout_ms ?? TIMEOUT_MS,
      connectTimeout: CONNECT_TIMEOUT_MS,
    },
    queryOptions: {
      consistency: types.consistencies.localQuorum,
      prepare: true,
      // Every write has its stamp: another node may be asked when one does not answer.
      isIdempotent: true,
      fetchSize: PAGE_ROWS,
    },
  };
}

function sessionOf(client: Client): Session {
  const overflow = (): Error => failure("busy", "too many requests are waiting for Cassandra");
  const flight = createFlight(AT_ONCE_MAX, WAITING_MAX, overflow);
  let closed = false;

  async function attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await flight.run(() => {
        if (closed) throw failure("unavailable", "the table is closed");
        return work();
      });
    } catch (error) {
      throw asFailure(error);
    }
  }

  return {
    client,
    run: ({ query, params }) => attempt(async () => allRows(client, query, params)),
    batch: (statements) =>
      attempt(async () => {
        const [first, ...rest] = statements;
        if (first && rest.length === 0) await client.execute(first.query, first.params);
        else if (first) await client.batch([...statements], { logged: false });
      }),
    close: async () => {
      closed = true;
      await client.shutdown();
    },
  };
}

async function allRows(client: Client, query: string, params: unknown[]): Promise<types.Row[]> {
  const result = await client.execute(query, params);
  // The answer to a write has no rows at all.
  let rows = result.rows ?? [];
  for (let page = result; page.pageState;) {
    page = await client.execute(query, params, { pageState: page.pageState });
    rows = rows.concat(page.rows);
  }
  return rows;
}
