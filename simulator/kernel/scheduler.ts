/**
 * The one thing that happens next. Everything that takes time in a run is an event here, ordered by virtual time and
 * then by the order in which it was asked for; between two events all promises that can go on do. So a run is a function
 * of its seed, and a crash can fall between any two steps of a program.
 */
import { drainMicrotasks } from "bun:jsc";
import type { Host } from "./host.ts";
import { createTrace } from "./trace.ts";

type Event = {
  at: number;
  order: number;
  label: string;
  host: Host | undefined;
  run: (() => void) | undefined;
  /** It was due while its host stood still. */
  missed?: boolean;
};

export type Scheduler = {
  /** Milliseconds since the start of the run; not of any clock that a program can read. */
  now(): number;
  /** Runs `run` after `ms`, unless its host has died by then; the answer cancels it. */
  after(ms: number, label: string, host: Host | undefined, run: () => void): () => void;
  /** Resolves after `ms` of the host's life; never if it dies. */
  pause(ms: number, label: string, host: Host | undefined): Promise<void>;
  /** A stopped host goes on now and not when it was to. */
  wake(host: Host): void;
  /** Goes on until `until`, or until `done` says so after an event. */
  run(until: number, done?: () => boolean): void;
  /** Mixes a fact into the trace. */
  note(fact: string): void;
  /** Mixes what one program told another into the trace; kept as text only where somebody wants to read it. */
  overhear(from: string, to: string, text: string): void;
  /** Of everything that happened: equal for equal runs. */
  traceHash(): string;
  /** The last facts, oldest first. */
  trace(): string[];
  events(): number;
};

const EVENTS_MAX = 20_000_000;
/** Labels of what a program does again and again. */
const ROUND = " tick";
const ROUND_LATE_MS = 60;

/** `verbose` keeps what is overheard as text, which is another trace with another hash. */
export function createScheduler(verbose = false): Scheduler {
  const heap: Event[] = [];
  const trace = createTrace(verbose);
  let now = 0;
  let order = 0;
  let events = 0;

  function perform(event: Event): void {
    const { host } = event;
    if (!event.run || (host && !host.alive)) return;
    if (host && host.frozen_until > now) {
      event.missed = true;
      event.at = host.frozen_until + lateBy(event);
      push(heap, event);
      return;
    }
    events++;
    trace.event(event.label, now);
    event.run();
    drainMicrotasks();
  }

  const scheduler: Scheduler = {
    now: () => now,
    after(ms, label, host, run) {
      const event: Event = { at: now + Math.max(0, ms), order: order++, label, host, run };
      push(heap, event);
      return () => {
        event.run = undefined;
      };
    },
    pause: (ms, label, host) =>
      new Promise((resolve) => {
        scheduler.after(ms, label, host, resolve);
      }),
    wake(host) {
      host.frozen_until = 0;
      for (const event of heap.splice(0)) {
        if (event.host === host && event.missed) event.at = now + lateBy(event);
        push(heap, event);
      }
    },
    run(until, done) {
      drainMicrotasks();
      for (let next = heap[0]; next !== undefined && next.at <= until; next = heap[0]) {
        pop(heap);
        now = Math.max(now, next.at);
        perform(next);
        if (events > EVENTS_MAX) throw new Error("the run does not come to an end");
        if (done?.()) return;
      }
      now = Math.max(now, until);
    },
    note: (fact) => trace.note(fact, now),
    overhear: (from, to, text) => trace.overhear(from, to, text, now),
    traceHash: () => trace.hash(),
    trace: () => trace.facts(),
    events: () => events,
  };
  return scheduler;
}

/**
 * A stopped process keeps its events and gets them in their order when it goes on, its rounds of upkeep somewhen among
 * what others have sent it: a platform promises no order of the two.
 */
function lateBy({ label, order }: Event): number {
  return label.endsWith(ROUND) ? (order * 7) % ROUND_LATE_MS : 0;
}

const before = (a: Event, b: Event): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

function push(heap: Event[], event: Event): void {
  let at = heap.push(event) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent] as Event;
    if (!before(event, above)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = event;
}

function pop(heap: Event[]): void {
  const last = heap.pop() as Event;
  if (heap.length === 0) return;
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1] as Event, heap[child] as Event)) child++;
    const below = heap[child] as Event;
    if (!before(below, last)) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = last;
}
