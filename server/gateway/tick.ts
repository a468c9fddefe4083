/** What happens because time passes: idle, lagging and silent sockets, watches, the exchange. */
import { CLOSE, refusal } from "@damso/protocol/codes";
import { IDLE_MS_MAX, LAGGING_MS_MAX, TICK_MS, WELCOME_MS_MAX } from "./bounds.ts";
import { sayAlive } from "./alive.ts";
import { applyPendingWatches } from "./dispatch/looks.ts";
import { closeSilent, exchangeDue } from "./exchange.ts";
import { turnAway } from "./hello.ts";
import { takeMoves } from "./moved.ts";
import { end } from "./outgoing.ts";
import type { Connection, Hub, Ready } from "./types.ts";
import { retellWatches, sweepWatches } from "./watches.ts";

/** A process that stood still counts as at most this: sockets are not closed for what we missed. */
const STEP_MS_MAX: number = 8 * TICK_MS;
const SWEEP_MS = 1000;

export function tick(hub: Hub): void {
  count(hub);
  for (const connection of hub.greeting) checkGreeting(hub, connection);
  applyPendingWatches(hub);
  takeMoves(hub);
  exchangeDue(hub);
  const sweeps = hub.time - hub.swept_at >= SWEEP_MS;
  if (sweeps || hub.silent_left) hub.silent_left = closeSilent(hub);
  if (!sweeps) return;
  sayAlive(hub, hub.time - hub.swept_at);
  hub.swept_at = hub.time;
  for (const connection of hub.ready) checkReady(hub, connection as Ready);
  sweepWatches(hub);
  hub.rate_limits.sweep();
  hub.typing.sweep();
}

/**
 * After a standstill every home is asked at once what was revoked meanwhile. The clock of a machine that was halted may
 * have stood still with it, while its time of day is put right.
 */
function count(hub: Hub): void {
  const [now, day_ms] = [hub.monotonic(), hub.clock.now()];
  const past = Math.max(0, now - hub.ticked_at);
  if (Math.max(past, day_ms - hub.ticked_day_ms) > STEP_MS_MAX) hub.steady_since = now;
  hub.time += Math.min(past, STEP_MS_MAX);
  hub.ticked_at = now;
  hub.ticked_day_ms = day_ms;
}

function checkGreeting(hub: Hub, connection: Connection): void {
  const waited = hub.time - connection.heard_at;
  if (connection.state === "greeting") {
    if (waited > WELCOME_MS_MAX) turnAway(hub, connection, undefined, refusal("unavailable"));
  } else if (waited > hub.limits.hello_timeout_ms) {
    hub.counters.bounds.hello++;
    end(hub, connection, CLOSE.bad_hello, "no hello");
  }
}

function checkReady(hub: Hub, connection: Ready): void {
  if (hub.time - connection.heard_at > IDLE_MS_MAX) {
    hub.counters.bounds.idle++;
    end(hub, connection, CLOSE.going_away, "idle");
  } else if (connection.lagging && hub.time - connection.lagging_since > LAGGING_MS_MAX) {
    hub.counters.bounds.slow_consumer++;
    end(hub, connection, CLOSE.slow_consumer, "slow consumer");
  } else if (connection.shed && !connection.lagging) {
    connection.shed = false;
    retellWatches(hub, connection);
  }
}
