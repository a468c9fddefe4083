/**
 * Letting a new device in by a code that it shows: made and waited for by the new one, read and answered by one that is
 * signed in. Everything is in the accounts store, so any node answers any call. Rules X15, X16.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Session } from "@damso/core/ports/account-records";
import { isLocked } from "@damso/core/ports/account-records";
import type { LogInCode } from "@damso/core/ports/log-in-codes";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { UserId } from "@damso/protocol/ids";
import type { Identity } from "../gateway/types.ts";
import { grant } from "./grant.ts";
import { guarded } from "./guarded.ts";
import { addressKey } from "./limits.ts";
import { newSession } from "./new-session.ts";
import { ended } from "./revoke.ts";
import type { AuthDeps, Grant } from "./sessions.ts";
import type { Waits } from "./waits.ts";
import { createWaits } from "./waits.ts";

const CODE_BYTES = 16;
const SECRET_BYTES = 32;
const LIFE_MS = 120_000;
/** After the approval, for a waiting device that has lost its network at that moment. */
const APPROVED_MS = 60_000;
/** Of a whole cluster: two minutes of a busy morning. */
const CODES_MAX = 10_000;
const FULL_MS = 5_000;
/** How often a waiting call looks. Between two looks it holds nothing of the store. */
const LOOK_MS = 1_000;
/** Codes that calls of this node wait for, each of which looks; one more is `busy` (I20). */
const WAITS_MAX = 500;
const WAITS_FULL_MS = 2_000;

export type NewCode = { code: string; secret: string; expires_in: number };
export type Shown = { code: string; secret: string };
export type Waited = { state: "waiting" | "refused" } | { state: "approved"; grant: Grant };
export type Asking = { device_name: string; address: string; expires_in: number };

export type LogInCodeCalls = {
  make(device_name: string, address: string, signal?: AbortSignal): Promise<Result<NewCode>>;
  /** Comes back when the code is answered or over, after `wait_ms`, or when the signal says so. */
  wait(
    shown: Shown,
    address: string,
    wait_ms: number,
    signal?: AbortSignal,
  ): Promise<Result<Waited>>;
  /** `conflict` when it is answered already. */
  read(code: string, signal?: AbortSignal): Promise<Result<Asking>>;
  answer(
    who: Identity,
    code: string,
    approve: boolean,
    signal?: AbortSignal,
  ): Promise<Result<void>>;
};

export function createLogInCodes(deps: AuthDeps): LogInCodeCalls {
  const waits = createWaits(WAITS_MAX);
  return {
    make: (device_name, address, signal) => guarded(() => make(deps, device_name, address, signal)),
    wait: (shown, address, wait_ms, signal) =>
      guarded(() => wait(deps, waits, shown, { address, wait_ms, ...(signal && { signal }) })),
    read: (code, signal) => guarded(() => read(deps, code, signal)),
    answer: (who, code, approve, signal) => guarded(() => answer(deps, who, code, approve, signal)),
  };
}

async function make(
  { accounts, limits, clock }: AuthDeps,
  device_name: string,
  address: string,
  signal?: AbortSignal,
): Promise<Result<NewCode>> {
  const wait_ms = limits.codes.take(addressKey(address));
  if (wait_ms > 0) return refuse("rate_limited", undefined, wait_ms);
  const code = randomBytes(CODE_BYTES).toString("base64url");
  const secret = randomBytes(SECRET_BYTES).toString("base64url");
  const created_at = clock.now();
  const outcome = await accounts.log_in_codes.create(
    {
      code_hash: hash(code),
      secret_hash: hash(secret),
      device_name,
      address,
      created_at,
      expires_at: created_at + LIFE_MS,
    },
    CODES_MAX,
    signal,
  );
  if (outcome === "full") return refuse("busy", undefined, FULL_MS);
  return done({ code, secret, expires_in: LIFE_MS / 1000 });
}

type Waiting = { address: string; wait_ms: number; signal?: AbortSignal };

/** Who guesses pays for it, before anything is looked up; who has both does not. */
async function wait(
  deps: AuthDeps,
  waits: Waits,
  shown: Shown,
  { address, wait_ms, signal }: Waiting,
): Promise<Result<Waited>> {
  const from = addressKey(address);
  const limited_ms = deps.limits.addresses.take(from);
  if (limited_ms > 0) return refuse("rate_limited", undefined, limited_ms);
  const found = await findShown(deps, shown);
  if (!found) return refuse("not_found");
  deps.limits.addresses.give(from);
  if (found.state !== "waiting" || wait_ms <= 0) return await outcomeOf(deps, shown, found);
  const place = waits.enter(found.code_hash);
  if (!place) return refuse("busy", undefined, WAITS_FULL_MS);
  const signals = signal ? [signal, place.ended] : [place.ended];
  try {
    const later = await watch(deps, shown, wait_ms, AbortSignal.any(signals));
    return later ? await outcomeOf(deps, shown, later) : refuse("not_found");
  } finally {
    place.leave();
  }
}

/** The code when it is answered, when the time is up, or when the signal says so; undefined when it is over. */
async function watch(
  deps: AuthDeps,
  shown: Shown,
  wait_ms: number,
  signal: AbortSignal,
): Promise<LogInCode | undefined> {
  const until = deps.clock.now() + wait_ms;
  for (;;) {
    await pause(deps, Math.min(LOOK_MS, Math.max(0, until - deps.clock.now())), signal);
    const found = await findShown(deps, shown);
    const isEnd = signal.aborted || deps.clock.now() >= until;
    if (found?.state !== "waiting" || isEnd) return found;
  }
}

/** The row by its hash, which says nothing of the code; then the secret, in a time that says nothing of it either. */
async function findShown(deps: AuthDeps, { code, secret }: Shown): Promise<LogInCode | undefined> {
  const found = await deps.accounts.log_in_codes.find(hash(code), deps.clock.now());
  return found && isSame(found.secret_hash, hash(secret)) ? found : undefined;
}

async function outcomeOf(
  deps: AuthDeps,
  shown: Shown,
  { state, user_id, device_name }: LogInCode,
): Promise<Result<Waited>> {
  if (state === "waiting" || state === "refused") return done({ state });
  if (user_id === null) throw new Error(`a code is ${state} by nobody`);
  return await open(deps, shown, user_id, device_name);
}

/**
 * The session as a log-in with the password opens it, with the hash of the password as it is now. Its first refresh token
 * comes of the secret, so whoever asks again is given the same one and nothing of it has to be stored.
 */
async function open(
  deps: AuthDeps,
  { code, secret }: Shown,
  user_id: UserId,
  device_name: string,
): Promise<Result<Waited>> {
  const credential = await deps.accounts.credentials.byUser(user_id);
  if (!credential || isLocked(credential.password_hash)) return refuse("not_found");
  const token = deps.refresh_tokens.ofSecret(secret);
  const session = newSession(deps, token, user_id, device_name);
  const rule = { devices_max: deps.devices_max, if_hash: credential.password_hash };
  const use = { code_hash: hash(code), session, rule, now: session.created_at };
  const used = await deps.accounts.log_in_codes.use(use);
  if (used.outcome === "stale") return refuse("not_found");
  if (used.outcome === "created") await ended(deps, user_id, used.revoked);
  return await approved(deps, used.session, token);
}

async function approved(deps: AuthDeps, session: Session, token: string): Promise<Result<Waited>> {
  const granted = await grant(deps, session, token);
  return granted.ok ? done({ state: "approved", grant: granted.value }) : granted;
}

async function read(
  { accounts, clock }: AuthDeps,
  code: string,
  signal?: AbortSignal,
): Promise<Result<Asking>> {
  const now = clock.now();
  const found = await accounts.log_in_codes.find(hash(code), now, signal);
  if (!found) return refuse("not_found");
  const { state, device_name, address, expires_at } = found;
  if (state !== "waiting") return refuse("conflict");
  return done({ device_name, address, expires_in: Math.ceil((expires_at - now) / 1000) });
}

async function answer(
  { accounts, clock }: AuthDeps,
  { user_id, session_id }: Identity,
  code: string,
  approve: boolean,
  signal?: AbortSignal,
): Promise<Result<void>> {
  const now = clock.now();
  const outcome = await accounts.log_in_codes.answer(
    { code_hash: hash(code), user_id, session_id, approve, now, until: now + APPROVED_MS },
    signal,
  );
  switch (outcome) {
    case "ok":
      return done(undefined);
    case "answered":
      return refuse("conflict");
    case "not_found":
      return refuse("not_found");
  }
}

/** Ends early when the signal says so. */
function pause(
  { timers }: Pick<AuthDeps, "timers">,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = (): void => resolve();
  const cancel = timers.after(ms, end);
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  return promise.finally(() => {
    cancel();
    signal.removeEventListener("abort", end);
  });
}

/** Plain SHA-256: what is hashed is random, so there is nothing to guess. */
function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}

function isSame(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
