/** One socket between a device and a server, as the two ends see it. */
import type { Host } from "../kernel/host.ts";
import type { Random } from "../kernel/random.ts";
import type { Scheduler } from "../kernel/scheduler.ts";
import type { Tally } from "../kernel/tally.ts";
import { placeOf } from "./network.ts";
import type { Network } from "./network.ts";

export type End = {
  host: Host;
  message(text: string): void;
  closed(code: number): void;
  /** The other side took something that had waited. */
  drained(): void;
};

type Item = { text: string; at: number } | { close: number; at: number };
type Way = {
  queue: Item[];
  bytes: number;
  last: number;
  pumping: boolean;
  stuck_since: number | undefined;
};

export type Stream = {
  send(to: "server" | "client", text: string): void;
  /** Says goodbye behind what was sent. */
  close(to: "server" | "client", code: number): void;
  /** Ends it at once; each living side that can be reached learns of it. */
  break(): void;
  /** Bytes towards a side that the network has not taken. */
  waiting(to: "server" | "client"): number;
  /** The client reads nothing until then. */
  hold(until: number): void;
  isOpen(): boolean;
};

/** What the kernels of both sides hold for a reader who does not read. */
const KERNEL_BYTES = 64 * 1024;
const ABNORMAL = 1006;
const RETRY_MS = 150;
/** A way that takes nothing for so long is given up by the sender's kernel. */
const STUCK_MS = 25_000;

export type StreamWorld = { scheduler: Scheduler; network: Network; random: Random; tally: Tally };

export function createStream(world: StreamWorld, client: End, server: End): Stream {
  const { scheduler, network, random, tally } = world;
  const ends = { client, server };
  const ways = { client: newWay(), server: newWay() };
  let open = true;
  let held_until = 0;

  function enqueue(to: "server" | "client", item: Item): void {
    const way = ways[to];
    way.queue.push(item);
    if ("text" in item) way.bytes += item.text.length;
    pump(to, way);
  }

  function arrival(way: Way): number {
    const { loss } = network.weather;
    const again = loss > 0 && random.chance(loss) ? random.int(200, 900) : 0;
    if (again > 0) tally.fault("packet lost on a stream");
    return (way.last = Math.max(way.last, scheduler.now() + network.latency() + again));
  }

  function pump(to: "server" | "client", way: Way): void {
    const [item] = way.queue;
    if (way.pumping || !item) return;
    way.pumping = true;
    const wait = Math.max(0, item.at - scheduler.now());
    scheduler.after(wait, "stream", undefined, () => {
      way.pumping = false;
      arrive(to, way);
    });
  }

  function later(to: "server" | "client", way: Way, ms: number): void {
    way.pumping = true;
    scheduler.after(ms, "stream waits", undefined, () => {
      way.pumping = false;
      arrive(to, way);
    });
  }

  function arrive(to: "server" | "client", way: Way): void {
    if (!open) return;
    const end = ends[to];
    const from = ends[to === "client" ? "server" : "client"];
    const now = scheduler.now();
    if (!end.host.alive) return refusedBy(to);
    if (network.isCut(placeOf(from.host), placeOf(end.host))) {
      way.stuck_since ??= now;
      if (now - way.stuck_since > STUCK_MS) return stream.break();
      return later(to, way, RETRY_MS);
    }
    way.stuck_since = undefined;
    if (end.host.frozen_until > now) return later(to, way, end.host.frozen_until - now + 1);
    if (to === "client" && held_until > now) return later(to, way, held_until - now + 1);
    const item = way.queue.shift();
    if (!item) return;
    take(to, way, item);
    pump(to, way);
  }

  function take(to: "server" | "client", way: Way, item: Item): void {
    const end = ends[to];
    if ("close" in item) {
      open = false;
      return run(end.host, "stream closed", () => end.closed(item.close));
    }
    const waited = way.bytes > KERNEL_BYTES;
    way.bytes -= item.text.length;
    run(end.host, "stream message", () => end.message(item.text));
    const from = ends[to === "client" ? "server" : "client"];
    if (waited) run(from.host, "stream drained", () => from.drained());
  }

  /** In an event of the host's own, so that a stopped or dead program takes nothing. */
  function run(host: Host, label: string, work: () => void): void {
    scheduler.after(0, label, host, work);
  }

  /** The program is gone: its machine says so, if the answer gets through. */
  function refusedBy(side: "server" | "client"): void {
    const other = ends[side === "client" ? "server" : "client"];
    open = false;
    if (network.isCut(placeOf(ends[side].host), placeOf(other.host))) return;
    scheduler.after(network.latency(), "stream reset", other.host, () => other.closed(ABNORMAL));
  }

  const stream: Stream = {
    send(to, text) {
      if (open) enqueue(to, { text, at: arrival(ways[to]) });
    },
    close(to, code) {
      if (open) enqueue(to, { close: code, at: arrival(ways[to]) });
    },
    break() {
      if (!open) return;
      open = false;
      for (const { host, closed } of [client, server]) {
        scheduler.after(network.latency(), "stream broken", host, () => closed(ABNORMAL));
      }
    },
    waiting: (to) => Math.max(0, ways[to].bytes - KERNEL_BYTES),
    hold: (until) => {
      held_until = Math.max(held_until, until);
    },
    isOpen: () => open,
  };
  return stream;
}

function newWay(): Way {
  return { queue: [], bytes: 0, last: 0, pumping: false, stuck_since: undefined };
}
