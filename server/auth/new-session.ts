/** The row of a session that is about to be opened, on a device of its own, with its first refresh token. */
import type { NewSession } from "@damso/core/ports/account-records";
import type { DeviceId, SessionId, UserId } from "@damso/protocol/ids";
import type { AuthDeps } from "./sessions.ts";

export function newSession(
  deps: Pick<AuthDeps, "refresh_tokens" | "ids" | "clock">,
  refresh_token: string,
  user_id: UserId,
  device_name: string,
): NewSession {
  const hashes = deps.refresh_tokens.read(refresh_token)?.hashes;
  if (!hashes) throw new Error("a fresh refresh token cannot be read");
  return {
    ...hashes,
    session_id: deps.ids.next() as SessionId,
    device_id: deps.ids.next() as DeviceId,
    user_id,
    device_name,
    time_zone: null,
    created_at: deps.clock.now(),
  };
}
