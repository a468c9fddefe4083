/** Profiles, contacts and blocks. Rules X9, X10, D8. */
import { CONTACTS_MAX } from "@damso/core/ports/accounts";
import type { Listing } from "@damso/core/ports/accounts";
import { done, refuse } from "@damso/core/result";
import type { UserId } from "@damso/protocol/ids";
import { isUsername } from "@damso/protocol/schema/account";
import { createBlocks, putResult } from "./blocks.ts";
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
  const blocks = createBlocks(deps);
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
    findUser: async ({ query: { username } }) => {
      const user = isUsername(username) ? await users.byUsername(username) : undefined;
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
      blocks.put(pair(caller.user_id, params.user_id), signal),
    deleteBlock: ({ caller, params, signal }) =>
      blocks.remove(pair(caller.user_id, params.user_id), signal),
  };
}
