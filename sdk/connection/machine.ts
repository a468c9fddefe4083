/**
 * The life of a connection as a pure step: what is, what happened, what to do. `connection.ts` carries it out, a
 * simulator can too. Rules: P12 close codes, R1 heartbeat.
 */
import type { ClosedReason, ConnectionState } from "../api.ts";
import { afterClose } from "./close.ts";
import { backoff } from "./backoff.ts";

/** Silence while opening or after a ping for this long counts as a lost connection. */
export const PATIENCE_MS = 10_000;
/** A connection that lived this long was a good one: the next failure starts with a short pause again. */
const GOOD_MS = 10_000;
/** RFC 6455: a connection that ended without a close. */
const LOST = 1006;
/** While the platform says that there is no network, try all the same this often. */
const OFFLINE_RETRY_MS = 60_000;

export type Phase =
  | { at: "stopped" }
  /** Tokens and the list of servers are being fetched. */
  | { at: "preparing" }
  | { at: "opening" }
  | { at: "greeting" }
  | { at: "online"; since: number; heartbeat_ms: number; pinged: boolean }
  | { at: "waiting"; until: number }
  | { at: "closed"; reason: ClosedReason };

export type Machine = {
  phase: Phase;
  /** When `expired` is due, in ms since 1970. */
  deadline: number | undefined;
  /** Failures in a row. */
  failures: number;
  /** The servers to try, the one in use first. Empty: ask for the list. */
  urls: readonly string[];
  /** The server refused the token that it was shown. */
  renew: boolean;
  /** The token of this try has been renewed for it. */
  renewed?: boolean;
  /** What the server asked for in its last words. */
  retry_after_ms: number | undefined;
  network: boolean;
  active: boolean;
};

export type Input =
  | { type: "start" }
  | { type: "stop" }
  | { type: "prepared"; urls: readonly string[] }
  | { type: "opened" }
  | { type: "welcomed"; heartbeat_ms: number }
  /** What the preparation or the hello failed with. */
  | { type: "refused"; code: string; retry_after_ms?: number | undefined }
  /** Any frame proves that the server is there. */
  | { type: "heard" }
  | { type: "bye"; retry_after_ms: number }
  | { type: "closed"; code: number }
  | { type: "expired" }
  | { type: "network"; online: boolean }
  | { type: "active"; active: boolean };

export type Effect =
  | { do: "prepare"; discover: boolean; renew: boolean }
  | { do: "open"; url: string }
  | { do: "greet" }
  | { do: "ping" }
  /** Forget the socket; nothing it still says counts. */
  | { do: "hang_up" };

/** `random` is in [0, 1). */
export type Moment = { now: number; random: number };
export type Step = { machine: Machine; effects: Effect[] };

export function machine(): Machine {
  return {
    phase: { at: "stopped" },
    deadline: undefined,
    failures: 0,
    urls: [],
    renew: false,
    retry_after_ms: undefined,
    network: true,
    active: true,
  };
}

export function step(was: Machine, input: Input, moment: Moment): Step {
  switch (input.type) {
    case "start":
      return was.phase.at === "stopped" ? prepare({ ...was, failures: 0 }) : stay(was);
    case "stop":
      return settle(was, { at: "stopped" });
    case "prepared":
      return was.phase.at === "preparing" ? open({ ...was, urls: input.urls }, moment) : stay(was);
    case "opened":
      return was.phase.at === "opening" ? greet(was, moment) : stay(was);
    case "welcomed":
      return was.phase.at === "greeting" ? welcome(was, input.heartbeat_ms, moment) : stay(was);
    case "refused":
      return refused(was, input, moment);
    case "heard":
      return heard(was, moment);
    case "bye":
      return { machine: { ...was, urls: [], retry_after_ms: input.retry_after_ms }, effects: [] };
    case "closed":
      return closed(was, input.code, moment);
    case "expired":
      return expired(was, moment);
    case "network":
      return network({ ...was, network: input.online }, moment);
    case "active":
      return ping({ ...was, active: input.active }, moment);
  }
}

/** The state in the words of the public API. */
export function visible({ phase, network }: Machine): ConnectionState {
  if (phase.at === "closed") return { name: "closed", reason: phase.reason };
  if (phase.at === "online" || phase.at === "stopped") return { name: phase.at };
  if (phase.at !== "waiting") return { name: "connecting" };
  return network ? { name: "waiting", until: phase.until } : { name: "offline" };
}

function stay(machine: Machine): Step {
  return { machine, effects: [] };
}

function go(was: Machine, phase: Phase, deadline: number | undefined, ...effects: Effect[]): Step {
  return { machine: { ...was, phase, deadline }, effects };
}

function settle(was: Machine, phase: Phase): Step {
  return go(was, phase, undefined, { do: "hang_up" });
}

function prepare(was: Machine, ...first: Effect[]): Step {
  const { urls, renew } = was;
  const next: Machine = { ...was, retry_after_ms: undefined, renew: false, renewed: renew };
  const effect: Effect = { do: "prepare", discover: urls.length === 0, renew };
  return go(next, { at: "preparing" }, undefined, ...first, effect);
}

function open(was: Machine, { now }: Moment, ...first: Effect[]): Step {
  const [url] = was.urls;
  if (!url) return prepare(was);
  return go(was, { at: "opening" }, now + PATIENCE_MS, ...first, { do: "open", url });
}

function greet(was: Machine, { now }: Moment): Step {
  return go(was, { at: "greeting" }, now + PATIENCE_MS, { do: "greet" });
}

function welcome(was: Machine, heartbeat_ms: number, { now }: Moment): Step {
  return go(was, { at: "online", since: now, heartbeat_ms, pinged: false }, now + heartbeat_ms);
}

/** A refused token is renewed once and shown again at once, however long the way here was; everything else waits. */
function refused(
  was: Machine,
  { code, retry_after_ms }: Input & { type: "refused" },
  moment: Moment,
): Step {
  const { at } = was.phase;
  if (at !== "preparing" && at !== "greeting") return stay(was);
  if (code === "session_ended") return settle(was, { at: "closed", reason: code });
  const renew = at === "greeting" && code === "unauthenticated";
  const told = { ...was, retry_after_ms, renew };
  if (!renew || was.renewed) return wait(told, moment);
  return prepare(told, { do: "hang_up" });
}

function heard(was: Machine, { now }: Moment): Step {
  const { phase } = was;
  if (phase.at !== "online" || !phase.pinged) return stay(was);
  return go(was, { ...phase, pinged: false }, now + phase.heartbeat_ms);
}

function ping(was: Machine, { now }: Moment): Step {
  const { phase } = was;
  if (phase.at !== "online") return stay(was);
  // An earlier ping keeps its deadline: asking more often must not grant a dead connection more time.
  const deadline = phase.pinged ? was.deadline : now + PATIENCE_MS;
  return go(was, { ...phase, pinged: true }, deadline, { do: "ping" });
}

function closed(was: Machine, code: number, moment: Moment): Step {
  const { phase } = was;
  if (phase.at !== "opening" && phase.at !== "greeting" && phase.at !== "online") return stay(was);
  const after = afterClose(code);
  if (after.final) return settle(was, { at: "closed", reason: after.final });
  // One that cannot be reached or says nothing gives way to the next; one that turns us away knows of others.
  if (phase.at !== "online" && code === LOST && was.urls.length > 1) {
    return open({ ...was, urls: was.urls.slice(1) }, moment, { do: "hang_up" });
  }
  const good = phase.at === "online" && moment.now - phase.since >= GOOD_MS;
  const next: Machine = {
    ...was,
    failures: good ? 0 : was.failures,
    // A server that was good and dropped us is worth one more try before asking for the list again.
    urls: good && !after.elsewhere ? was.urls : [],
    retry_after_ms: was.retry_after_ms ?? after.retry_after_ms,
    renew: was.renew || after.renew === true,
  };
  return wait(next, moment);
}

function wait(was: Machine, { now, random }: Moment): Step {
  const pause = was.network
    ? (was.retry_after_ms ?? 0) + backoff(was.failures, random)
    : OFFLINE_RETRY_MS;
  const until = now + pause;
  const next = { ...was, failures: was.failures + 1 };
  return go(next, { at: "waiting", until }, until, { do: "hang_up" });
}

function expired(was: Machine, moment: Moment): Step {
  if (was.phase.at === "waiting") return prepare(was);
  if (was.phase.at === "online" && !was.phase.pinged) return ping(was, moment);
  // Nobody answered in time: as good as a broken connection.
  return closed(was, LOST, moment);
}

/** A network that came back is tried at once; any change makes an open connection prove itself. */
function network(was: Machine, moment: Moment): Step {
  if (was.phase.at !== "waiting") return ping(was, moment);
  return was.network ? prepare({ ...was, failures: 0 }) : stay(was);
}
