/** From an access token to who it stands for. Rules X3, X5. */
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { Identity } from "../gateway/types.ts";
import type { AuthDeps } from "./sessions.ts";

export async function authenticate(
  { access_tokens, live }: Pick<AuthDeps, "access_tokens" | "live">,
  token: string,
): Promise<Result<Identity>> {
  const checked = await access_tokens.check(token);
  if (!checked.ok) return checked;
  if (!(await live.isAlive(checked.value))) return refuse("unauthenticated");
  const { user_id, device_id, session_id } = checked.value;
  return done({ user_id, device_id, session_id });
}
