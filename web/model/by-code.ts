/** Logging in by a code that this device shows, and that another one of the same person approves. Rules X15, X16. */
import type { Session } from "@damso/sdk";
import { DamsoError } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";

export type ByCodeState =
  | { name: "starting" }
  /** `away`: there is no answer from the server at the moment, and it is asked again. */
  | { name: "shown"; url: string; ends_at: number; away: boolean }
  | { name: "over" }
  | { name: "refused" }
  | { name: "failed"; error: unknown };

export type ByCode = {
  state: ReadonlySignal<ByCodeState>;
  /** Asks for a new code, and waits for what becomes of it. */
  start: () => Promise<void>;
  stop: () => void;
};

export type ByCodeWorld = {
  server: string;
  /** Tokens in cookies: the page is the server's own. */
  cookie: boolean;
  device_name: string;
  /** Posts JSON. Rejects where there is no answer. */
  post: (path: string, body: object) => Promise<{ status: number; body: unknown }>;
  now: () => number;
  pause: (ms: number) => Promise<void>;
  entered: (session: Session) => void;
};

type Made = { code: string; secret: string; expires_in: number };
type Grant = { user_id: Session["user_id"]; device_id: Session["device_id"]; expires_in: number };
type Waited = { state: "waiting" | "refused" } | ({ state: "approved" } & Grant);

const CODES = "/v1/login/codes";
/** Shorter than what proxies let pass. */
const WAIT_S = 25;
/** Between two calls, whatever the first one came to. */
const BREATH_MS = 300;
const AGAIN_MS = 2000;

export function createByCode(world: ByCodeWorld): ByCode {
  const state = signal<ByCodeState>({ name: "starting" });
  let turn = 0;

  /** One code, from its making to its end; `mine` is false once another one took its place. */
  async function follow(mine: () => boolean): Promise<void> {
    const { device_name } = world;
    const made = await call<Made>(world, CODES, { device_name });
    const ends_at = world.now() + made.expires_in * 1000;
    const url = codeAddress(world.server, made.code);
    if (mine()) state.value = { name: "shown", url, ends_at, away: false };
    while (mine()) {
      const waited = await wait(world, made).catch(worthAnother);
      if (!mine()) return;
      if (!(waited instanceof DamsoError) && waited.state !== "waiting") return end(waited);
      const away = waited instanceof DamsoError;
      if (away && world.now() > ends_at) throw waited;
      state.value = { name: "shown", url, ends_at, away };
      await world.pause(away ? (waited.retry_after_ms ?? AGAIN_MS) : BREATH_MS);
    }
  }

  function end(waited: Exclude<Waited, { state: "waiting" }>): void {
    if (waited.state !== "approved") state.value = { name: "refused" };
    else world.entered(toSession(world, waited));
  }

  async function start(): Promise<void> {
    turn += 1;
    const own = turn;
    const mine = (): boolean => turn === own;
    const shown = state.peek().name === "shown";
    if (!shown) state.value = { name: "starting" };
    try {
      await follow(mine);
    } catch (error) {
      if (mine()) state.value = toEnd(error, state.peek());
    }
  }

  return {
    state,
    start,
    stop: () => {
      turn += 1;
    },
  };
}

/** The code is behind `#`, which browsers tell no server; the question is before it, so that an open page loads anew. */
export function codeAddress(server: string, code: string): string {
  return `${server}/?device#${code}`;
}

function wait(world: ByCodeWorld, { code, secret }: Made): Promise<Waited> {
  const { cookie } = world;
  return call<Waited>(world, `${CODES}/wait?wait=${WAIT_S}`, { code, secret, cookie });
}

/** What may be asked again is a state; everything else is the end. */
function worthAnother(error: unknown): DamsoError {
  if (error instanceof DamsoError && error.retry) return error;
  throw error;
}

function toEnd(error: unknown, { name }: ByCodeState): ByCodeState {
  const isOver = error instanceof DamsoError && (error.code === "not_found" || name === "shown");
  return isOver ? { name: "over" } : { name: "failed", error };
}

function toSession(
  { server, now }: ByCodeWorld,
  { state: _, expires_in, ...granted }: { state: "approved" } & Grant,
): Session {
  return { server, ...granted, expires_at: now() + expires_in * 1000 };
}

async function call<T>({ post }: ByCodeWorld, path: string, sent: object): Promise<T> {
  const { status, body } = await post(path, sent).catch(() => {
    throw new DamsoError("disconnected");
  });
  if (status >= 200 && status < 300 && isRecord(body)) return body as T;
  // The log-in page of a hotel answers 200, and no JSON, to everything.
  const { code, retry_after_ms } = isRecord(body) ? (body as Partial<DamsoError>) : {};
  throw new DamsoError(code ?? "unavailable", `HTTP ${status}`, retry_after_ms);
}

function isRecord(body: unknown): body is object {
  return typeof body === "object" && body !== null;
}
