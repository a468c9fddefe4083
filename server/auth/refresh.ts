/** Spending a refresh token. The rule is `Sessions.rotate`'s; this gives it what it needs and acts on its verdict. Rule X4. */
import { refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import { grant } from "./grant.ts";
import { ended } from "./revoke.ts";
import type { AuthDeps, Grant } from "./sessions.ts";

/** In this time a spent token gives its successor again although that was used: tabs of one browser share tokens. */
const GRACE_MS = 10_000;

export async function refresh(
  deps: AuthDeps,
  token: string,
  signal?: AbortSignal,
): Promise<Result<Grant>> {
  const read = deps.refresh_tokens.read(token);
  if (!read) return refuse("unauthenticated");
  const { hashes, next, next_hash } = read;
  const turn = { ...hashes, next_hash, now: deps.clock.now(), grace_ms: GRACE_MS };
  const rotation = await deps.accounts.sessions.rotate(turn, signal);
  switch (rotation.outcome) {
    case "rotated":
    case "repeated":
      return await grant(deps, rotation.session, next);
    case "reused":
      await ended(deps, rotation.session.user_id, [rotation.session]);
      return refuse("unauthenticated");
    case "unknown":
      return refuse("unauthenticated");
  }
}
