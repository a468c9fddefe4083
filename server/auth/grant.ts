/** A session and its refresh token, made into what the client gets. */
import type { Session } from "@damso/core/ports/account-records";
import { done } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { AuthDeps, Grant } from "./sessions.ts";
import { ACCESS_SECONDS } from "./tokens.ts";

export async function grant(
  deps: Pick<AuthDeps, "access_tokens">,
  session: Session,
  refresh_token: string,
): Promise<Result<Grant>> {
  const { user_id, device_id, session_id } = session;
  const access_token = await deps.access_tokens.make(session);
  const expires_in = ACCESS_SECONDS;
  return done({ user_id, device_id, session_id, access_token, refresh_token, expires_in });
}
