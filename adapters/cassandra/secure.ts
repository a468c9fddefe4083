/** The connection to Cassandra inside TLS: what is trusted, and whose name a certificate has to hold. */
import { readFileSync } from "node:fs";
import type { ConnectionOptions } from "node:tls";
import { checkServerIdentity } from "node:tls";
import { failure } from "./failure.ts";

/** Paths of PEM files. */
export type Secure = {
  /** Who may have signed the nodes' certificates, instead of those that the machine trusts. */
  ca?: string;
  /** What this server shows of itself, for nodes that ask; both or none. */
  cert?: string;
  key?: string;
};

/**
 * For the driver, which verifies nothing unless it is told to. Throws a `CassandraFailure` of code `certificate` when a
 * file cannot be read.
 */
export function tlsOptions(secure: Secure, hosts: readonly string[]): ConnectionOptions {
  const { ca, cert, key } = secure;
  return {
    rejectUnauthorized: true,
    checkServerIdentity: (address, shown) => checkNames([address, ...hosts], shown),
    ...(ca !== undefined && { ca: read(ca) }),
    ...(cert !== undefined && { cert: read(cert) }),
    ...(key !== undefined && { key: read(key) }),
  };
}

/**
 * The driver dials addresses: it looks names up itself, and the nodes tell it of each other by address. So a certificate has
 * to be for the address, or for one of the names that the operator gave.
 */
function checkNames(
  names: readonly string[],
  shown: Parameters<typeof checkServerIdentity>[1],
): Error | undefined {
  const faults = names.map((name) => checkServerIdentity(name, shown));
  return faults.includes(undefined) ? undefined : faults[0];
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (error) {
    throw failure("certificate", `${path} of Cassandra's address cannot be read`, error);
  }
}
