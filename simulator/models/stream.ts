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
const KERNEL_BYTES = 4 * 1024;
const ABNORMAL = 1006;
const RETRY_MS = 150;
/** A way that takes nothing for so long is given up by the sender's kernel. */
const STUCK_MS = 25_000;

export type StreamWorld = { scheduler: Scheduler; network: Network; random: Random; tally: Tally };

type Side = "server" | "client";

type Self = StreamWorld & {
  ends: Record<Side, End>;
  ways: Record<Side, Way>;
  open: boolean;
  held_until: number;
};

const otherOf = (side: Side): Side => (side === "client" ? "server" : "client");

/** Open from now on; both ends are told of messages, of the end, and when what waited is gone. */
export function createStream(world: StreamWorld, client: End, server: End): Stream {
  const { scheduler, network, random, tally } = world;
  const self: Self = {
    scheduler,
    network,
    random,
    tally,
    ends: { client, server },
    ways: { client: newWay(), server: newWay() },
    open: true,
    held_until: 0,
  };
  return {
    send(to, text) {
      if (self.open) enqueue(self, to, { text, at: arrival(self, to) });
    },
    close(to, code) {
      if (self.open) enqueue(self, to, { close: code, at: arrival(self, to) });
    },
    break: () => breakOff(self),
    waiting: (to) => Math.max(0, self.ways[to].bytes - KERNEL_BYTES),
    hold: (until) => {
      self.held_until = until === 0 ? 0 : Math.max(self.held_until, until);
    },
    isOpen: () => self.open,
  };
}

function enqueue(self: Self, to: Side, item: Item): void {
  const way = self.ways[to];
  way.queue.push(item);
  if ("text" in item) way.bytes += item.text.length;
  pump(self, to, way);
}

function arrival({ scheduler, network, random, tally, ends, ways }: Self, to: Side): number {
  const way = ways[to];
  const [from, there] = [placeOf(ends[otherOf(to)].host), placeOf(ends[to].host)];
  const { loss } = network.between(from, there);
  const again = loss > 0 && random.chance(loss) ? random.int(200, 900) : 0;
  if (again > 0) tally.fault("packet lost on a stream");
  return (way.last = Math.max(way.last, scheduler.now() + network.latency(from, there) + again));
}

function pump(self: Self, to: Side, way: Way): void {
  const [item] = way.queue;
  if (way.pumping || !item) return;
  later(self, to, Math.max(0, item.at - self.scheduler.now()), "stream");
}

function later(self: Self, to: Side, ms: number, label = "stream waits"): void {
  const way = self.ways[to];
  way.pumping = true;
  self.scheduler.after(ms, label, undefined, () => {
    way.pumping = false;
    arrive(self, to, way);
  });
}

function arrive(self: Self, to: Side, way: Way): void {
  if (!self.open) return;
  const end = self.ends[to];
  const from = self.ends[otherOf(to)];
  const now = self.scheduler.now();
  if (!end.host.alive) return refusedBy(self, to);
  if (self.network.isCut(placeOf(from.host), placeOf(end.host))) {
    way.stuck_since ??= now;
    if (now - way.stuck_since > STUCK_MS) return breakOff(self);
    return later(self, to, RETRY_MS);
  }
  way.stuck_since = undefined;
  if (end.host.frozen_until > now) return later(self, to, end.host.frozen_until - now + 1);
  if (to === "client" && self.held_until > now) return later(self, to, self.held_until - now + 1);
  const item = way.queue.shift();
  if (!item) return;
  take(self, to, way, item);
  pump(self, to, way);
}

function take(self: Self, to: Side, way: Way, item: Item): void {
  const end = self.ends[to];
  if ("close" in item) {
    self.open = false;
    return run(self, end.host, "stream closed", () => end.closed(item.close));
  }
  const waited = way.bytes > KERNEL_BYTES;
  way.bytes -= item.text.length;
  run(self, end.host, "stream message", () => end.message(item.text));
  const from = self.ends[otherOf(to)];
  if (waited) run(self, from.host, "stream drained", () => from.drained());
}

/** In an event of the host's own, so that a stopped or dead program takes nothing. */
function run({ scheduler }: Self, host: Host, label: string, work: () => void): void {
  scheduler.after(0, label, host, work);
}

/** The program is gone: its machine says so, if the answer gets through. */
function refusedBy(self: Self, side: Side): void {
  const { scheduler, network, ends } = self;
  const other = ends[otherOf(side)];
  self.open = false;
  const [from, to] = [placeOf(ends[side].host), placeOf(other.host)];
  if (network.isCut(from, to)) return;
  scheduler.after(network.latency(from, to), "stream reset", other.host, () =>
    other.closed(ABNORMAL),
  );
}

function breakOff(self: Self): void {
  if (!self.open) return;
  self.open = false;
  const { scheduler, network, ends } = self;
  for (const end of [ends.client, ends.server]) {
    const ms = network.latency(placeOf(ends.client.host), placeOf(ends.server.host));
    scheduler.after(ms, "stream broken", end.host, () => end.closed(ABNORMAL));
  }
}

function newWay(): Way {
  return { queue: [], bytes: 0, last: 0, pumping: false, stuck_since: undefined };
}
