/** The access token, renewed before it ends. A refresh token works once, so there is one renewal at a time. */
import type { Grant } from "@damso/protocol";
import type { Environment } from "../environment.ts";
import { DamsoError } from "../errors.ts";
import { request } from "../transport/http.ts";
import type { Call, Http } from "../transport/http.ts";
import { granted } from "./session.ts";
import type { Session } from "./session.ts";

/** Renewed this long before its end: clocks differ, and a request takes time. */
const MARGIN_MS = 60_000;

export type Tokens = {
  session: () => Session;
  /** The token to show, undefined for cookie sessions. `renew` when the server refused the one it has seen. */
  fresh: (renew?: boolean) => Promise<string | undefined>;
};

type World = Pick<Environment, "fetch" | "now">;

/** `renewed` is told each new session before anyone uses it. Rejects with `session_ended` when the server refuses. */
export function tokens(
  start: Session,
  environment: World,
  renewed: (session: Session) => void,
): Tokens {
  let session = start;
  let running: Promise<string | undefined> | undefined;

  async function renewal(): Promise<string | undefined> {
    const { server, refresh_token } = session;
    const call = request<Grant>(environment, server, ["POST", "/v1/refresh", { refresh_token }]);
    const grant = await call.catch((error: DamsoError) => {
      throw error.code === "unauthenticated" ? new DamsoError("session_ended") : error;
    });
    session = granted(server, grant, environment.now());
    renewed(session);
    return session.access_token;
  }

  return {
    session: () => session,
    fresh: async (renew = false) => {
      const ends = session.expires_at - MARGIN_MS <= environment.now();
      if (!renew && !ends) return session.access_token;
      return (running ??= renewal().finally(() => (running = undefined)));
    },
  };
}

/** Calls with a fresh token; a refused one is renewed and shown once more. */
export function authorized(holder: Tokens, environment: Pick<Environment, "fetch">): Http {
  return async <T>(...call: Call): Promise<T> => {
    const { server } = holder.session();
    const token = await holder.fresh();
    try {
      return await request<T>(environment, server, call, token);
    } catch (error) {
      if (!(error instanceof DamsoError) || error.code !== "unauthenticated") throw error;
      // Someone else may have renewed it meanwhile: the refused token decides, not the time.
      const stale = holder.session().access_token === token;
      return request<T>(environment, server, call, await holder.fresh(stale));
    }
  };
}
