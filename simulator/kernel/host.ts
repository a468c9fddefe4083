/**
 * One life of one program: a server process or an app on a device. What belongs to it ends with it. Its clock is its own:
 * it may run fast or slow, stand far off, jump, and stop.
 */
import type { Scheduler } from "./scheduler.ts";

/** What every clock shows at the beginning, give or take. */
export const START_MS: number = Date.UTC(2026, 10, 23, 12);

export type Host = {
  readonly name: string;
  /** The machine that it runs on: its name up to the number of its life, `n1#3` on `n1`. */
  readonly place: string;
  alive: boolean;
  /** Stopped, as by SIGSTOP, until this moment of the run. */
  frozen_until: number;
  clock: HostClock;
};

/** Outlives the program, as the clock of a machine does. */
export type HostClock = {
  offset_ms: number;
  rate: number;
  /** How far it had run at the moment `since` of the run, when its rate last changed; at first neither had. */
  run_ms?: number;
  since?: number;
  /** How far it had run when its time of day stopped; absent: that goes on. */
  stood_at?: number;
};

/** A program that begins to run on a machine with this clock. */
export function newHost(name: string, clock: HostClock): Host {
  const place = name.split("#")[0] as string;
  return { name, place, alive: true, frozen_until: 0, clock };
}

/** What the program reads as the time of day. */
export function wallTime(scheduler: Scheduler, { clock }: Host): number {
  return Math.floor(START_MS + (clock.stood_at ?? ran(scheduler, clock)) + clock.offset_ms);
}

/** What it reads as time that never jumps and never goes back. */
export function steadyTime(scheduler: Scheduler, { clock }: Host): number {
  return ran(scheduler, clock);
}

/** From now on the clock runs faster or slower than it should. */
export function setRate(scheduler: Scheduler, clock: HostClock, rate: number): void {
  clock.run_ms = ran(scheduler, clock);
  clock.since = scheduler.now();
  clock.rate = rate;
}

/** From now on the time of day stands still. False when it does so already. */
export function stopClock(scheduler: Scheduler, clock: HostClock): boolean {
  if (clock.stood_at !== undefined) return false;
  clock.stood_at = ran(scheduler, clock);
  return true;
}

/** The time of day goes on: from where it stood, or, caught up, as if it had never stood. */
export function startClock(scheduler: Scheduler, clock: HostClock, caughtUp: boolean): void {
  if (clock.stood_at === undefined) return;
  if (!caughtUp) clock.offset_ms -= ran(scheduler, clock) - clock.stood_at;
  delete clock.stood_at;
}

function ran(scheduler: Scheduler, { rate, run_ms = 0, since = 0 }: HostClock): number {
  return run_ms + (scheduler.now() - since) * rate;
}
