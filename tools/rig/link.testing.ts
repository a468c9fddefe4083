/** A way over TCP to one server that a test can make slow, or silent in the middle of whatever passes. */
import type { AddressInfo, Socket } from "node:net";
import { connect, createServer } from "node:net";

export type Link = {
  port: number;
  /** Nothing passes in either direction, and nobody is told: connections stay as if the cable were pulled. */
  silence(): void;
  /** What passes from now on comes this much later. */
  slow(delay_ms: number): void;
  /** As at the beginning. What was held back goes on its way. */
  mend(): void;
  close(): void;
};

export async function openLink(target: { host: string; port: number }): Promise<Link> {
  const sockets = new Set<Socket>();
  const weather = { silent: false, delay_ms: 0 };

  function join(client: Socket): void {
    const server = connect(target);
    for (const [from, to] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(from);
      relay(from, to, weather);
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      if (weather.silent) from.pause();
    }
  }

  const listener = createServer(join);
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  return {
    port: (listener.address() as AddressInfo).port,
    silence() {
      weather.silent = true;
      for (const socket of sockets) socket.pause();
    },
    slow: (delay_ms) => void (weather.delay_ms = delay_ms),
    mend() {
      weather.silent = false;
      weather.delay_ms = 0;
      for (const socket of sockets) socket.resume();
    },
    close() {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** In the order in which it came, whatever the delay was meanwhile. */
function relay(from: Socket, to: Socket, weather: { silent: boolean; delay_ms: number }): void {
  const late: { at: number; chunk: string | Buffer }[] = [];
  const pass = (): void => {
    for (let next = late[0]; next; next = late[0]) {
      const wait_ms = next.at - performance.now();
      if (wait_ms > 0) return void setTimeout(pass, Math.ceil(wait_ms));
      late.shift();
      if (!to.destroyed && !to.write(next.chunk)) from.pause();
    }
  };
  from.on("data", (chunk) => {
    const at = Math.max(late.at(-1)?.at ?? 0, performance.now() + weather.delay_ms);
    if (late.push({ at, chunk }) === 1) pass();
  });
  to.on("drain", () => weather.silent || from.resume());
  // The other end closes, and its `close` destroys this one.
  from.on("error", () => {});
}
