/** How devices reach servers: sockets and calls, by address. `lb` is a load balancer before all of them. */
import type {
  HttpRequest,
  HttpResponse,
  Socket as ClientSocket,
  SocketListeners,
} from "@damso/sdk/environment";
import type { Connection, Identity, Socket } from "@damso/server/gateway/types";
import type { Host } from "../kernel/host.ts";
import type { Device } from "../people/device.ts";
import type { Life, Server } from "../server/server.ts";
import type { World } from "../world.ts";
import { createStream } from "./stream.ts";
import type { Stream } from "./stream.ts";

const ABNORMAL = 1006;

function serverAt(world: World, url: string): Server {
  const { hostname } = new URL(url);
  const named = world.servers.find(({ name }) => name === hostname);
  return named ?? world.random.pick(world.servers);
}

const isCut = ({ network }: World, from: Device, to: Server): boolean =>
  network.isCut(from.place, to.name) || network.isCut(to.name, from.place);

/** A socket of an app, as its platform opens it: `closed` with 1006 when nobody is there. */
export function openSocket(
  world: World,
  device: Device,
  host: Host,
  url: string,
  listeners: SocketListeners,
): ClientSocket {
  const { scheduler, network } = world;
  const server = serverAt(world, url);
  const latency = (): number => network.latency(device.place, server.name);
  let stream: Stream | undefined;
  let over = false;
  const fail = (ms: number): void => {
    scheduler.after(ms, "no socket", host, () => {
      if (!over) listeners.closed(ABNORMAL);
      over = true;
    });
  };
  if (isCut(world, device, server)) fail(world.random.int(500, 12_000));
  else {
    scheduler.after(latency(), "socket arrives", undefined, () => {
      if (over) return;
      if (!server.life) return fail(latency());
      stream = accept(world, device, host, server.life, listeners);
    });
  }
  return {
    send: (text) => stream?.send("server", text),
    close(code) {
      over = true;
      stream?.close("server", code ?? 1000);
    },
  };
}

function accept(
  world: World,
  device: Device,
  host: Host,
  life: Life,
  listeners: SocketListeners,
): Stream {
  const number = ++world.sockets;
  let connection: Connection | undefined;
  const client = {
    host,
    message: listeners.message,
    closed: listeners.closed,
    drained() {},
  };
  const server = {
    host: life.host,
    message(text: string) {
      // A server that has closed a socket reads nothing more of it, though the other side may not know yet.
      if (!life.streams.has(stream)) return;
      world.scheduler.overhear(device.who.device, life.host.name, text);
      world.witness.heard(device.who, number, text);
      if (connection) life.gateway.message(connection, text);
    },
    closed() {
      life.streams.delete(stream);
      if (connection) life.gateway.closed(connection);
    },
    drained() {
      if (connection) life.gateway.drained(connection);
    },
  };
  const stream = createStream(world, client, server);
  life.streams.add(stream);
  world.witness.opened(device.who, number, life.host.name);
  device.streams.add(stream);
  world.scheduler.after(0, "socket opens", life.host, () => {
    connection = life.gateway.opened(serverSocket(world, device, number, stream, life), {
      token: undefined,
    });
    const ms = world.network.latency(life.host.place, device.place);
    world.scheduler.after(ms, "socket opened", host, listeners.opened);
  });
  return stream;
}

/** The weight is a fault, and ends with the others: under it one page alone can be more than a socket may hold. */
function waitingIn({ plan, healing }: World, stream: Stream): number {
  return stream.waiting("client") * (healing ? 1 : plan.weight_of_waiting);
}

function serverSocket(
  world: World,
  device: Device,
  number: number,
  stream: Stream,
  life: Life,
): Socket {
  /** What waited when this turn of the server began: it learns what waits after the last frame of a turn. */
  let turn = -1;
  let before = 0;
  return {
    sendText(text) {
      if (!stream.isOpen()) return;
      world.scheduler.overhear(life.host.name, device.who.device, text);
      if (turn !== world.scheduler.events()) before = waitingIn(world, stream);
      turn = world.scheduler.events();
      world.witness.waiting(device.who, number, before);
      world.witness.told(device.who, number, text);
      stream.send("client", text);
      world.witness.waiting(device.who, number, waitingIn(world, stream));
    },
    close(code) {
      life.streams.delete(stream);
      stream.close("client", code);
    },
    terminate() {
      life.streams.delete(stream);
      stream.break();
    },
    getBufferedAmount: () => waitingIn(world, stream),
    cork: (fn) => fn(),
  };
}

/** An HTTP call of an app. Rejects when no answer comes back; the server may have done it then. */
export function callServer(
  world: World,
  device: Device,
  host: Host,
  request: HttpRequest,
): Promise<HttpResponse> {
  const { scheduler, network, random, tally } = world;
  const server = serverAt(world, request.url);
  const { pathname, search } = new URL(request.url);
  const latency = (): number => network.latency(device.place, server.name);
  const isLost = (): boolean => {
    const { loss } = network.between(device.place, server.name);
    return loss > 0 && random.chance(loss);
  };
  const name = `${request.method} ${pathname}${search}`;
  return new Promise((resolve, reject) => {
    const fail = (ms: number): void =>
      void scheduler.after(ms, "call fails", host, () => reject(new Error("no answer")));
    const inTime = scheduler.after(request.timeout_ms, "call times out", host, () =>
      reject(new Error("timed out")),
    );
    if (isCut(world, device, server)) return fail(random.int(500, request.timeout_ms));
    if (isLost()) {
      tally.fault("call lost");
      return fail(random.int(100, request.timeout_ms));
    }
    scheduler.after(latency(), "call arrives", undefined, () => {
      const { life } = server;
      if (!life) return fail(latency());
      scheduler.after(0, "call", life.host, () => {
        const answered = world.witness.asked(
          device.who,
          name,
          request.body === undefined ? undefined : JSON.parse(request.body),
        );
        void life.api(request).then((answer) => {
          answered(answer.status, answer.body);
          const text = answer.body === undefined ? "" : JSON.stringify(answer.body);
          scheduler.overhear(life.host.name, device.who.device, `${answer.status} ${text}`);
          const ended = answer.who && life.ended.get(answer.who.session_id);
          if (ended) {
            life.ended.delete((answer.who as Identity).session_id);
            world.witness.revoked(ended);
          }
          if (isCut(world, device, server)) return tally.fault("answer cut off");
          if (isLost()) return tally.fault("answer lost");
          // As text on a wire: nobody holds what the other side holds.
          const body: unknown = text === "" ? undefined : JSON.parse(text);
          scheduler.after(latency(), "call answered", host, () => {
            inTime();
            resolve({ status: answer.status, body });
          });
        });
      });
    });
  });
}
