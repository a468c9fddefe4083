/** NATS with JetStream, which syncs every write to disk before it acknowledges it: one node, or three. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Signed } from "./certificates.ts";
import { getNats } from "./get/nats.ts";
import type { Node, Service } from "./nodes.ts";
import { freePorts } from "./ports.ts";
import { succeeds } from "./until.ts";

export type NatsAddress = {
  /** `nats://127.0.0.1:<port>` of each node. */
  urls: string[];
};

const HOST = "127.0.0.1";

/** With a certificate it takes clients inside TLS only. */
export function natsService(count: 1 | 3, tls?: Signed): Service<NatsAddress> {
  return {
    name: `nats${count}`,
    deadline_ms: 60_000,
    plan: async (folder) => {
      const program = await getNats();
      const ports = await freePorts(3 * count);
      const clients = ports.slice(0, count);
      const monitors = ports.slice(count, 2 * count);
      const routes = ports.slice(2 * count);
      const nodes = clients.map((port, at): Node => {
        const config = join(folder, `${at}.conf`);
        const monitor = monitors[at] ?? 0;
        writeFileSync(
          config,
          configOf({ at, port, monitor, routes, store: join(folder, `${at}`), tls }),
        );
        return {
          command: [program, "-c", config],
          ending: "KILL",
          isReady: () => succeeds(() => probe(monitor, count === 1)),
        };
      });
      return { address: { urls: clients.map((port) => `nats://${HOST}:${port}`) }, nodes };
    },
  };
}

type Config = {
  at: number;
  port: number;
  monitor: number;
  routes: readonly number[];
  store: string;
  tls?: Signed | undefined;
};

/** The configuration file of one node; with one route it is alone, and JetStream needs no quorum. */
export function configOf({ at, port, monitor, routes, store, tls }: Config): string {
  const lines = [
    `server_name: n${at}`,
    `listen: "${HOST}:${port}"`,
    `http: "${HOST}:${monitor}"`,
    "max_payload: 8MB",
    `jetstream { store_dir: "${store}", sync_interval: always, max_file_store: 20G }`,
  ];
  if (tls) lines.push(`tls { cert_file: "${tls.cert}", key_file: "${tls.key}" }`);
  if (routes.length > 1) {
    const urls = routes.map((route) => `"nats://${HOST}:${route}"`).join(", ");
    lines.push(`cluster { name: damso, listen: "${HOST}:${routes[at]}", routes: [${urls}] }`);
  }
  return `${lines.join("\n")}\n`;
}

/** In a cluster a node may say that it is healthy before there is a leader to create streams. */
async function probe(monitor: number, isAlone: boolean): Promise<void> {
  await ask(monitor, "healthz");
  if (isAlone) return;
  const state = (await ask(monitor, "jsz")) as { meta_cluster?: { leader?: string } };
  if (!state.meta_cluster?.leader) throw new Error("no leader");
}

async function ask(monitor: number, what: "healthz" | "jsz"): Promise<unknown> {
  const signal = AbortSignal.timeout(5000);
  const answer = await fetch(`http://${HOST}:${monitor}/${what}`, { signal });
  if (!answer.ok) throw new Error(await answer.text());
  return await answer.json();
}
