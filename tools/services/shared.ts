/**
 * One start for many test files: whoever runs the tests starts a server and passes its address on in an
 * environment variable, and each file keeps to names of its own in it.
 */
import type { Service } from "./nodes.ts";
import { startNodes } from "./nodes.ts";

/** A server that other test files may use at the same time: nobody hurts it. */
export type Shared = {
  /** Ends the server when it was started for this caller; the shared one goes on. */
  stop(): Promise<void>;
};

/** The name of the variable that holds the address of a server as JSON: `DAMSO_TEST_NATS`. */
export function variableOf(name: string): string {
  return `DAMSO_TEST_${name.toUpperCase()}`;
}

/** The server of this run, when it has one; else one that is started now. */
export async function shared<Address extends object>(
  name: string,
  service: () => Service<Address>,
  env: Record<string, string | undefined> = process.env,
): Promise<Address & Shared> {
  const given = env[variableOf(name)];
  if (given !== undefined) return { ...(JSON.parse(given) as Address), stop: async () => {} };
  return await startNodes(service());
}

/**
 * A name that nobody else has: for a keyspace, a stream, a schema, a database or a bucket alike, because
 * it is made of letters and digits and begins with a letter.
 */
export function freshName(prefix: string): string {
  return `${prefix}${crypto.randomUUID().replaceAll("-", "").slice(0, 12)}`;
}
