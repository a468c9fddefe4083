/** What waits between a call of an account and its answer: that the shards know of the change. */
import type { Route } from "@damso/protocol/http/route";
import type { UserId } from "@damso/protocol/ids";
import type { ApiDeps } from "./deps.ts";

const ACCOUNT_TAGS: ReadonlySet<Route["tag"]> = new Set<Route["tag"]>([
  "accounts",
  "people",
  "push",
]);

/**
 * A call that may have changed the account is answered when the shards know: a setting that decides who may write to
 * me holds from the answer on, and a session that I ended has lost its socket. Refused calls too: a spent refresh
 * token ends a session. Who has no session yet need not wait.
 */
export async function tellDevices(
  { relay }: Pick<ApiDeps, "relay">,
  route: Route,
  user_id: UserId | undefined,
): Promise<void> {
  if (route.method === "GET" || !ACCOUNT_TAGS.has(route.tag)) return;
  if (user_id !== undefined) await relay.settle(user_id);
  else relay.wake();
}
