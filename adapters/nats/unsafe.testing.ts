/** NATS servers that must be refused: real ones with another configuration, and one that only says what it is. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { configOf } from "@damso/tools/services/nats";
import { getNats } from "@damso/tools/services/get/nats";
import { startNodes } from "@damso/tools/services/nodes";
import type { Control } from "@damso/tools/services/nodes";
import { freePorts } from "@damso/tools/services/ports";
import { succeeds } from "@damso/tools/services/until";
import type { TCPSocketListener } from "bun";

export type Alone = { url: string; monitor: string } & Control;

/** One server; `change` gets the configuration that is safe and gives the one that is used. */
export function startAlone(change: (config: string) => string): Promise<Alone> {
  return startNodes<{ url: string; monitor: string }>({
    name: "natsalone",
    deadline_ms: 30_000,
    plan: async (folder) => {
      const program = await getNats();
      const [port = 0, monitor = 0] = await freePorts(2);
      const config = join(folder, "changed.conf");
      const safe = configOf({ at: 0, port, monitor, routes: [0], store: join(folder, "0") });
      writeFileSync(config, change(safe));
      const url = `http://127.0.0.1:${monitor}`;
      const isReady = (): Promise<boolean> =>
        succeeds(async () => {
          await fetch(`${url}/varz`);
          // The last that a server opens.
          const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data() {} } });
          socket.end();
        });
      return {
        address: { url: `nats://127.0.0.1:${port}`, monitor: url },
        nodes: [{ command: [program, "-c", config], ending: "KILL", isReady }],
      };
    },
  });
}

/** Introduces itself with `info` and answers pings. */
export function startImpostor(info: Record<string, unknown>): TCPSocketListener {
  const introduction = {
    server_id: "S",
    server_name: "impostor",
    headers: true,
    jetstream: true,
    max_payload: 8 * 1024 * 1024,
    proto: 1,
    ...info,
  };
  return Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      open: (socket) => void socket.write(`INFO ${JSON.stringify(introduction)}\r\n`),
      data(socket, chunk) {
        if (chunk.toString().includes("PING")) socket.write("PONG\r\n");
      },
    },
  });
}
