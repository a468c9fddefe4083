/** The calls that the shards and their readers answer: all but those of accounts, push subscriptions and administration. */
import type { AdminOperation } from "../admin/admin.ts";
import type { accountHandlers } from "./accounts.ts";
import type { Handlers } from "./call.ts";
import type { ApiDeps } from "./deps.ts";
import { channelHandlers } from "./channels.ts";
import { deviceHandlers } from "./devices.ts";
import { feedHandlers } from "./feed.ts";
import { inviteHandlers } from "./invites.ts";
import type { logInCodeHandlers } from "./log-in-codes.ts";
import { memberHandlers } from "./members.ts";
import { messageHandlers } from "./messages.ts";
import { peopleHandlers } from "./people.ts";
import { presenceHandlers } from "./presence.ts";
import type { pushHandlers } from "./push.ts";
import { serverHandlers } from "./servers.ts";

type Others = ReturnType<typeof accountHandlers> &
  ReturnType<typeof logInCodeHandlers> &
  ReturnType<typeof pushHandlers>;

export function shardHandlers(deps: ApiDeps): Omit<Handlers, keyof Others | AdminOperation> {
  return {
    ...deviceHandlers(deps),
    ...peopleHandlers(deps),
    ...channelHandlers(deps),
    ...memberHandlers(deps),
    ...inviteHandlers(deps),
    ...messageHandlers(deps),
    ...feedHandlers(deps),
    ...presenceHandlers(deps),
    ...serverHandlers(deps),
  };
}
