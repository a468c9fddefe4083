/** A refresh token works once: of several tabs one renews the session, and the others take what it has got. */
import type { Session } from "@damso/sdk";
import type { Environment } from "@damso/sdk/environment";
import type { Locks } from "./ports.ts";

type World = Pick<Environment, "fetch" | "now"> & {
  locks: Locks;
  /** The session as this browser keeps it now. */
  kept: () => Session | undefined;
};

export function renewOnce(
  { fetch, now, locks, kept }: World,
  session: Session,
): Environment["fetch"] {
  let seen = session.expires_at;

  /** What another tab has got since this one looked, as the server would answer it. */
  function fresher(): { status: number; body: unknown } | undefined {
    const found = kept();
    if (found === undefined || found.device_id !== session.device_id || found.expires_at <= seen) {
      return undefined;
    }
    seen = found.expires_at;
    const { server: _server, expires_at, ...grant } = found;
    return { status: 200, body: { ...grant, expires_in: (expires_at - now()) / 1000 } };
  }

  return async (request) => {
    if (!request.url.endsWith("/v1/refresh")) return fetch(request);
    let answer: Awaited<ReturnType<Environment["fetch"]>> | undefined;
    await locks.request(`damso ${session.device_id} renewal`, "wait", async () => {
      answer = fresher();
      if (answer !== undefined) return;
      answer = await fetch(request);
      const { expires_in } = (answer.body ?? {}) as { expires_in?: number };
      if (expires_in !== undefined) seen = now() + expires_in * 1000;
    });
    if (answer === undefined) throw new Error("no answer");
    return answer;
  };
}
