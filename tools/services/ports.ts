/** Free ports on loopback. */
import { createServer } from "node:net";

/**
 * Below the range that systems hand out to outgoing connections: between the moment in which a port was
 * seen free and the start of its server, no connection of anybody can take it.
 */
const FIRST = 15_000;
const LAST = 31_999;
const TRIES_MAX = 200;

/**
 * Different ports, each free on every one of the hosts. Chosen at random, so that runs that start at
 * the same moment hardly ever choose the same; who finds a port taken after all asks again.
 */
export async function freePorts(
  count: number,
  hosts: readonly string[] = ["127.0.0.1"],
  random: () => number = Math.random,
): Promise<number[]> {
  const ports = new Set<number>();
  for (let tries = 0; ports.size < count; tries += 1) {
    if (tries > TRIES_MAX + count) {
      throw new Error(`found ${ports.size} of ${count} free ports on ${hosts.join(", ")}`);
    }
    const port = FIRST + Math.floor(random() * (LAST - FIRST + 1));
    if (await isFreeOnAll(port, hosts)) ports.add(port);
  }
  return [...ports];
}

async function isFreeOnAll(port: number, hosts: readonly string[]): Promise<boolean> {
  for (const host of hosts) {
    if (!(await isFree(port, host))) return false;
  }
  return true;
}

/** True when a server could listen there now. */
export function isFree(port: number, host = "127.0.0.1"): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
