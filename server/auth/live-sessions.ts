/**
 * Which sessions are alive, asked on every call: an answer is kept for a minute at most and dropped when the session is
 * revoked. Where other nodes revoke too and their word may be lost, it is asked for again after seconds. Uses are noted on
 * the side and written together; log-in codes that are over are deleted at that pace. Rules X3, X5, X15, invariant I17.
 */
import type { Session, SessionUse } from "@damso/core/ports/account-records";
import type { Sessions } from "@damso/core/ports/accounts";
import type { Clock } from "@damso/core/ports/clock";
import type { LogInCodes } from "@damso/core/ports/log-in-codes";
import type { SessionId } from "@damso/protocol/ids";
import type { Timers } from "../gateway/timers.ts";
import { inTime } from "../in-time.ts";
import type { Log } from "../log.ts";
import type { Claims } from "./tokens.ts";

const KEPT_MS = 60_000;
/** As often as gateways ask homes. One read for each session and node that is asked for it, and for none that is quiet. */
export const KEPT_SHARED_MS = 5000;
/** A store that does not answer for as long gets what was known before, while that may be kept. */
const PATIENCE_MS = 1000;
const KEPT_MAX = 100_000;
const FLUSH_MS = 30_000;
/** Uses written in one transaction, which holds up everything else meanwhile. */
const FLUSH_ROWS = 500;
/** A use is worth a write when the last known one is this old, or when it confirms the newest generation. */
const STALE_MS = 10 * 60_000;

export type LiveSessions = {
  /** Whether the session of the token is alive; notes the use. Rejects when the store does. */
  isAlive(claims: Claims): Promise<boolean>;
  /** Drops what is known of sessions that were revoked. */
  forget(session_ids: readonly SessionId[]): void;
  /** Notes that a session is in use although it shows no token: its socket is open. */
  note(session_id: SessionId): void;
  /** Writes the uses noted so far. Rejects when the store does; they are kept then. */
  flush(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
};

export type LiveSessionsDeps = {
  sessions: Pick<Sessions, "byId" | "touch">;
  log_in_codes: Pick<LogInCodes, "removeOver">;
  clock: Clock;
  timers: Pick<Timers, "after">;
  log: Pick<Log, "warn">;
  /** An answer that is older is asked for again; a minute where nobody else revokes. */
  kept_ms?: number;
};

export function createLiveSessions(deps: LiveSessionsDeps): LiveSessions {
  const { clock, log } = deps;
  const known = createKnown(deps);
  const uses = new Map<SessionId, SessionUse>();

  const use = (session: Session, generation: number): void => {
    const now = clock.now();
    const confirms = generation === session.generation && !session.confirmed;
    if (!confirms && now - session.last_used_at < STALE_MS) return;
    session.last_used_at = Math.max(session.last_used_at, now);
    session.confirmed ||= confirms;
    keep(uses, session.session_id, { session_id: session.session_id, generation, used_at: now });
  };

  const flush = async (): Promise<void> => {
    while (uses.size > 0) {
      const batch = [...uses.values()].slice(0, FLUSH_ROWS);
      await deps.sessions.touch(batch);
      for (const written of batch) {
        // A newer use of the same session may have been noted meanwhile.
        if (uses.get(written.session_id) === written) uses.delete(written.session_id);
      }
    }
  };
  const warn = (error: unknown): void => log.warn("the use of a session was not noted", { error });
  const clear = (): Promise<void> =>
    deps.log_in_codes
      .removeOver(clock.now())
      .catch((error) => log.warn("log-in codes that are over were not deleted", { error }));
  const ticker = createTicker(deps.timers, () => flush().catch(warn).then(clear));

  return {
    isAlive: async ({ session_id, user_id, generation }) => {
      const session = await known.read(session_id, generation);
      if (session?.user_id !== user_id) return false;
      use(session, generation);
      return true;
    },
    forget: (session_ids) => {
      known.forget(session_ids);
      for (const session_id of session_ids) uses.delete(session_id);
    },
    note: (session_id) => {
      // No generation is 0: an open socket confirms nothing.
      known.read(session_id, 0).then((session) => session && use(session, 0), warn);
    },
    flush,
    start: () => ticker.start(),
    stop: async () => {
      ticker.stop();
      await flush().catch(warn);
    },
  };
}

type Entry = { read_at: number; session: Session | undefined };

type Known = {
  /** The session as it was a minute ago at most, and of this generation at least if there is one. */
  read(session_id: SessionId, generation: number): Promise<Session | undefined>;
  forget(session_ids: readonly SessionId[]): void;
};

function createKnown({
  sessions,
  clock,
  timers,
  kept_ms = KEPT_MS,
}: Omit<LiveSessionsDeps, "log">): Known {
  const entries = new Map<SessionId, Entry>();
  const reads = new Map<SessionId, Promise<Entry>>();

  const load = (session_id: SessionId): Promise<Entry> => {
    const read_at = clock.now();
    const read: Promise<Entry> = sessions.byId(session_id).then((session) => {
      const entry = { read_at, session };
      // Revoked while it was being read: `forget` took the read away, and what it saw must not be kept.
      if (reads.get(session_id) === read) keep(entries, session_id, entry);
      return entry;
    });
    reads.set(session_id, read);
    const end = (): void => {
      if (reads.get(session_id) === read) reads.delete(session_id);
    };
    read.then(end, end);
    return read;
  };

  /** Asked each time: what was known may have been forgotten meanwhile. */
  const known = (session_id: SessionId, generation: number, ms: number): Entry | undefined => {
    const entry = entries.get(session_id);
    // A newer generation than the one known: the session was refreshed since.
    const isBehind = entry?.session !== undefined && entry.session.generation < generation;
    return entry && !isBehind && !isOlder(entry, clock.now(), ms) ? entry : undefined;
  };

  return {
    read: async (session_id, generation) => {
      const fresh = known(session_id, generation, kept_ms);
      if (fresh) return fresh.session;
      const read = reads.get(session_id) ?? load(session_id);
      const spare = (): Entry | undefined => known(session_id, generation, KEPT_MS);
      if (!spare()) return (await read).session;
      const asked = (): Promise<Entry> => read.catch((error: unknown) => spare() ?? fail(error));
      return (await inTime(timers, PATIENCE_MS, asked, () => spare() ?? read)).session;
    },
    forget: (session_ids) => {
      for (const session_id of session_ids) {
        entries.delete(session_id);
        reads.delete(session_id);
      }
    },
  };
}

type Ticker = { start(): void; stop(): void };

function createTicker(timers: Pick<Timers, "after">, tick: () => Promise<void>): Ticker {
  let cancel: (() => void) | undefined;
  let isOn = false;
  const schedule = (): void => {
    if (isOn) cancel = timers.after(FLUSH_MS, () => void tick().then(schedule));
  };
  return {
    start: () => {
      if (isOn) return;
      isOn = true;
      schedule();
    },
    stop: () => {
      isOn = false;
      cancel?.();
    },
  };
}

function isOlder(entry: Entry, now: number, ms: number): boolean {
  // A clock that stepped back must not make an entry immortal.
  return Math.abs(now - entry.read_at) > ms;
}

function fail(error: unknown): never {
  throw error;
}

/** When a map is full its oldest entry goes: a read or the note of one use is lost, nothing else. */
function keep<V>(map: Map<SessionId, V>, key: SessionId, value: V): void {
  map.delete(key);
  if (map.size >= KEPT_MAX) {
    const [oldest] = map.keys();
    if (oldest !== undefined) map.delete(oldest);
  }
  map.set(key, value);
}
