/** Profiles, contacts and blocks. Rules X9, X10, D8. */
import { CONTACTS_MAX } from "@damso/core/ports/accounts";
import type { Listing, Pair } from "@damso/core/ports/accounts";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import { directChannel } from "@damso/protocol/ids";
import type { UserId } from "@damso/protocol/ids";
import type { Handlers } from "./call.ts";
import type { ApiDeps } from "./deps.ts";
import { listedOf, profileOf } from "./profiles.ts";

type Own =
  | "getUser"
  | "findUser"
  | "listContacts"
  | "putContact"
  | "deleteContact"
  | "listBlocks"
  | "putBlock"
  | "deleteBlock";

export function peopleHandlers(deps: ApiDeps): Handlers<Own> {
  const { users, contacts } = deps.accounts;
  const pair = (user_id: UserId, other_id: UserId): Listing => ({
    user_id,
    other_id,
    now: deps.clock.now(),
    max: CONTACTS_MAX,
  });
  return {
    getUser: async ({ params }) => {
      const [user] = await users.byIds([params.user_id]);
      return user ? done(profileOf(user)) : refuse("not_found", "no such user");
    },
    findUser: async ({ query }) => {
      const user = await users.byUsername(query.username);
      return user ? done(profileOf(user)) : refuse("not_found", "no such user");
    },
    listContacts: async ({ caller }) =>
      done({ contacts: await listedOf(users, await contacts.list(caller.user_id)) }),
    putContact: async ({ caller, params, signal }) =>
      putResult(await contacts.put(pair(caller.user_id, params.user_id), signal)),
    deleteContact: async ({ caller, params, signal }) => {
      await contacts.remove(pair(caller.user_id, params.user_id), signal);
      return done(undefined);
    },
    listBlocks: async ({ caller }) =>
      done({ blocks: await listedOf(users, await contacts.listBlocks(caller.user_id)) }),
    putBlock: ({ caller, params, signal }) =>
      putBlock(deps, pair(caller.user_id, params.user_id), signal),
    deleteBlock: ({ caller, params, signal }) =>
      deleteBlock(deps, pair(caller.user_id, params.user_id), signal),
  };
}

function putResult(outcome: "ok" | "not_found" | "full"): Result<undefined> {
  if (outcome === "ok") return done(undefined);
  if (outcome === "not_found") return refuse("not_found", "no such user");
  return refuse("forbidden", "the list is as long as it may be");
}

/** The direct channel decides, because a block stands in the order of its messages; the list only follows. */
async function putBlock(
  deps: ApiDeps,
  pair: Listing,
  signal: AbortSignal,
): Promise<Result<undefined>> {
  if (pair.user_id === pair.other_id) return refuse("not_found", "nobody blocks himself");
  const [other] = await deps.accounts.users.byIds([pair.other_id], signal);
  if (!other || other.deleted_at !== null) return putResult("not_found");
  const blocked = await setBlocked(deps, pair, true, signal);
  if (!blocked.ok) return blocked;
  const outcome = await deps.accounts.contacts.putBlock(pair, signal);
  // A block that stands in no list could never be lifted by anyone who looks there.
  if (outcome !== "ok") await setBlocked(deps, pair, false, signal);
  return putResult(outcome);
}

/** The same order: while the channel still blocks, the list says so. */
async function deleteBlock(
  deps: ApiDeps,
  pair: Pair,
  signal: AbortSignal,
): Promise<Result<undefined>> {
  if (pair.user_id === pair.other_id) return refuse("not_found", "nobody blocks himself");
  const lifted = await setBlocked(deps, pair, false, signal);
  if (!lifted.ok) return lifted;
  await deps.accounts.contacts.removeBlock(pair, signal);
  return done(undefined);
}

async function setBlocked(
  deps: ApiDeps,
  { user_id, other_id }: Pair,
  on: boolean,
  signal: AbortSignal,
): Promise<Result<unknown>> {
  const channel = directChannel(user_id, other_id);
  return await deps.bus.request<"block">({ kind: "block", user_id, channel, on }, signal);
}
