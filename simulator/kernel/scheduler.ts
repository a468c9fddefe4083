/**
 * The one thing that happens next. Everything that takes time in a run is an event here, ordered by virtual time and
 * then by the order in which it was asked for; between two events all promises that can go on do. So a run is a function
 * of its seed, and a crash can fall between any two steps of a program.
 */
import { drainMicrotasks } from "bun:jsc";
import type { Host } from "./host.ts";

type Event = {
  at: number;
  order: number;
  label: string;
  host: Host | undefined;
  run: (() => void) | undefined;
};

export type Scheduler = {
  /** Milliseconds since the start of the run; not of any clock that a program can read. */
  now(): number;
  /** Runs `run` after `ms`, unless its host has died by then; the answer cancels it. */
  after(ms: number, label: string, host: Host | undefined, run: () => void): () => void;
  /** Resolves after `ms` of the host's life; never if it dies. */
  pause(ms: number, label: string, host: Host | undefined): Promise<void>;
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

const TRACE_KEPT = 400;
const VERBOSE_KEPT = 200_000;
const EVENTS_MAX = 20_000_000;

/** How much of an overheard text is kept. */
const OVERHEARD_MAX = 160;

/** `verbose` keeps more of the trace and what programs told each other; it changes the hash. */
export function createScheduler(verbose = false): Scheduler {
  const heap: Event[] = [];
  const keep = verbose ? VERBOSE_KEPT : TRACE_KEPT;
  let now = 0;
  let order = 0;
  let events = 0;
  let low = 0x811c9dc5;
  let high = 0x9e3779b9;
  const labels = new Map<string, number>();
  const kept: [at: number, fact: string][] = [];

  function mix(text: string): void {
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      low = Math.imul(low ^ unit, 0x01000193);
      high = Math.imul(high ^ unit, 0x5bd1e995) ^ (low >>> 15);
    }
  }

  function mixNumber(number: number): void {
    low = Math.imul(low ^ number, 0x01000193);
    high = Math.imul(high ^ number, 0x5bd1e995) ^ (low >>> 15);
  }

  /** Labels are few and events are many: each is spelled into the trace once, and is a number from then on. */
  function labelNumber(label: string): number {
    const known = labels.get(label);
    if (known !== undefined) return known;
    mix(label);
    labels.set(label, labels.size + 1);
    return labels.size;
  }

  function note(fact: string): void {
    mix(fact);
    kept.push([now, fact]);
    if (kept.length > 2 * keep) kept.splice(0, keep);
  }

  function perform(event: Event): void {
    const { host } = event;
    if (!event.run || (host && !host.alive)) return;
    if (host && host.frozen_until > now) {
      // A stopped process keeps its events and gets them in their order when it goes on.
      push(heap, { ...event, at: host.frozen_until });
      return;
    }
    events++;
    mixNumber(labelNumber(event.label));
    mixNumber(Math.round(now * 1000));
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
    note,
    overhear(from, to, text) {
      if (verbose) note(`${from} > ${to} ${text.slice(0, OVERHEARD_MAX)}`);
      else mix(text);
    },
    traceHash: () =>
      (high >>> 0).toString(16).padStart(8, "0") + (low >>> 0).toString(16).padStart(8, "0"),
    trace: () => kept.slice(-keep).map(([at, fact]) => `${at.toFixed(2).padStart(10)} ${fact}`),
    events: () => events,
  };
  return scheduler;
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
