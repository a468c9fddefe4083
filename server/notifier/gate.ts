/**
 * A gate before each push service: so many under way, so many waiting, and a pause when it fails again and again. What
 * is dead or slow there takes neither places nor time from the others. Rule N12, invariant I20.
 */
import type { SendOutcome } from "@damso/core/ports/push";

/**
 * Bun makes 256 requests at once, of everything that there is, unless its environment says more
 * (`BUN_CONFIG_MAX_HTTP_REQUESTS`): two services that hang would take them all. Whatever starts a server sets it.
 */
export const UNDER_WAY_MAX = 128;
export const WAITING_MAX = 512;
export const FAILURES_MAX = 5;
const PAUSE_MIN_MS = 1000;
const PAUSE_MAX_MS = 60_000;
/** What a service may ask for. */
const PAUSE_ASKED_MAX_MS = 600_000;
/** When a push that found the gate full is tried again. */
const FULL_MS = 1000;
/** Services that are remembered; those without work are forgotten first. */
const SERVICES_MAX = 1000;

type Work = () => Promise<SendOutcome>;
type Service = {
  under_way: number;
  waiting: (() => void)[];
  /** In a row; up to `FAILURES_MAX` each is of another device. */
  failures: number;
  /** The devices of the first failures. */
  failed: Set<string>;
  /** Nothing is sent before this. */
  paused_until: number;
};

export type Gate = {
  /** Runs the work for a device when the service has a place; never rejects unless the work does. */
  pass(service: string, device: string, work: Work): Promise<SendOutcome>;
  /** For gauges. */
  sizes(): { push_services_paused: number; push_waiting: number };
};

export function createGate(now: () => number): Gate {
  const services = new Map<string, Service>();
  const at = (name: string): Service => {
    let service = services.get(name);
    if (!service) {
      service = { under_way: 0, waiting: [], failures: 0, failed: new Set(), paused_until: 0 };
      services.set(name, service);
      forgetIdle(services);
    }
    return service;
  };
  return {
    async pass(name, device, work) {
      const service = at(name);
      if (service.under_way >= placesOf(service)) {
        if (service.waiting.length >= WAITING_MAX) return later("full", FULL_MS);
        await new Promise<void>((resolve) => void service.waiting.push(resolve));
      } else service.under_way++;
      try {
        const pause = pauseOf(service, now());
        if (pause > 0) return later("paused", pause);
        const outcome = await work();
        note(service, device, outcome, now());
        return outcome;
      } finally {
        service.under_way--;
        // Those in line go first; more than one when the service has just come back.
        while (service.under_way < placesOf(service) && service.waiting.length > 0) {
          service.under_way++;
          service.waiting.shift()?.();
        }
      }
    },
    sizes() {
      let [paused, waiting] = [0, 0];
      for (const service of services.values()) {
        if (pauseOf(service, now()) > 0) paused++;
        waiting += service.waiting.length;
      }
      return { push_services_paused: paused, push_waiting: waiting };
    },
  };
}

const later = (why: string, after_ms: number): SendOutcome => ({ outcome: "later", why, after_ms });

/** One that failed is tried by one push at a time until it is back. */
const placesOf = ({ failures }: Service): number => (failures >= FAILURES_MAX ? 1 : UNDER_WAY_MAX);

/** A clock that was put back lengthens no pause. */
function pauseOf({ paused_until }: Service, now: number): number {
  const left = paused_until - now;
  return left > 0 && left <= PAUSE_ASKED_MAX_MS ? left : 0;
}

/** A service may only have enough of one device, so that alone is no reason to leave it alone for all. */
function note(service: Service, device: string, outcome: SendOutcome, now: number): void {
  if (outcome.outcome !== "later") {
    service.failures = 0;
    service.failed.clear();
    service.paused_until = 0;
    return;
  }
  if (service.failures < FAILURES_MAX) service.failures = service.failed.add(device).size;
  else service.failures++;
  if (service.failures < FAILURES_MAX) return;
  const doubled = PAUSE_MIN_MS * 2 ** Math.min(service.failures - FAILURES_MAX, 10);
  const wanted = Math.min(outcome.after_ms ?? 0, PAUSE_ASKED_MAX_MS);
  service.paused_until = now + Math.max(Math.min(doubled, PAUSE_MAX_MS), wanted);
}

function forgetIdle(services: Map<string, Service>): void {
  for (const [name, { under_way }] of services) {
    if (services.size <= SERVICES_MAX) return;
    if (under_way === 0) services.delete(name);
  }
}
