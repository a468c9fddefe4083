/** The administration of a server: who may, and the calls that only they have. Rules A1 to A7. */
import type { Accounts } from "@damso/core/ports/accounts";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { ADMIN_ROUTES, LogLevel } from "@damso/protocol/http/admin";
import type { Operation } from "@damso/protocol/http/routes";
import type { UserId } from "@damso/protocol/ids";
import type { Admin, Handlers } from "../api/call.ts";
import type { Auth } from "../auth/sessions.ts";
import type { Log } from "../log.ts";
import type { Relay } from "../relay/relay.ts";
import type { Access } from "./access.ts";
import type { ChannelDeps } from "./channels.ts";
import { channelAsAdmin, channelsOf } from "./channels.ts";
import type { OverviewDeps } from "./overview.ts";
import { overview } from "./overview.ts";
import { listUsers, userWithSessions } from "./users.ts";

export type AdminOperation = keyof typeof ADMIN_ROUTES & Operation;

export type Administration = { access: Access; handlers: Handlers<AdminOperation> };

/** Sends a test notification to the devices of a user; how many were tried. */
export type PushTest = (user_id: UserId, signal: AbortSignal) => Promise<{ devices: number }>;

export type AdministrationDeps = ChannelDeps &
  OverviewDeps & {
    access: Access;
    accounts: Accounts;
    auth: Pick<Auth, "setDisabled" | "endSessions">;
    relay: Pick<Relay, "settle">;
    log: Pick<Log, "warn">;
    /** Of the log; a change holds at once. */
    log_level: { level: LogLevel };
    /** Absent where this server sends no pushes. */
    testPush?: PushTest;
  };

export function createAdministration(deps: AdministrationDeps): Administration {
  const { access } = deps;
  return { access, handlers: { ...readers(deps), ...changers(deps) } };
}

type Changes =
  | "disableUser"
  | "enableUser"
  | "endSessions"
  | "endSession"
  | "setLogLevel"
  | "testPushAsAdmin";

function readers(deps: AdministrationDeps): Handlers<Exclude<AdminOperation, Changes>> {
  const { accounts, log_level } = deps;
  return {
    getAdminAccess: async ({ request, address }) => {
      const admitted = await deps.access(request, address);
      // Who guesses too fast is told so here as well.
      if (!admitted.ok && admitted.refusal.code === "rate_limited") return admitted;
      return done({ admin: admitted.ok });
    },
    getOverview: async ({ signal }) =>
      done({ ...(await overview(deps, signal)), push_test: deps.testPush !== undefined }),
    listUsers: ({ query, signal }) => listUsers(accounts, query, signal),
    getUserAsAdmin: ({ params, signal }) => userWithSessions(accounts, params.user_id, signal),
    listUserChannels: ({ params, query }) => channelsOf(deps, params.user_id, query),
    getChannelAsAdmin: ({ params, signal }) => channelAsAdmin(deps, params.channel_id, signal),
    getLogLevel: async () => done({ level: log_level.level }),
  };
}

function changers(deps: AdministrationDeps): Handlers<Changes> {
  const { auth, log_level } = deps;
  /** After the change, and only if there was one. */
  const about = async (
    caller: Admin,
    change: Changes,
    user_id: UserId,
    result: Result<void>,
  ): Promise<Result<undefined>> => {
    if (!result.ok) return result;
    note(deps, caller, change, { user_id });
    await deps.relay.settle(user_id);
    return done(undefined);
  };
  return {
    disableUser: async ({ caller, params: { user_id }, signal }) =>
      about(caller, "disableUser", user_id, await auth.setDisabled(user_id, true, signal)),
    enableUser: async ({ caller, params: { user_id }, signal }) =>
      about(caller, "enableUser", user_id, await auth.setDisabled(user_id, false, signal)),
    endSessions: async ({ caller, params: { user_id }, signal }) =>
      about(caller, "endSessions", user_id, await auth.endSessions(user_id, undefined, signal)),
    endSession: async ({ caller, params: { user_id, session_id }, signal }) =>
      about(caller, "endSession", user_id, await auth.endSessions(user_id, session_id, signal)),
    setLogLevel: async ({ caller, body: { level } }) => {
      // Told before it is hidden, or as soon as it is not.
      if (level === "error") note(deps, caller, "setLogLevel", { to: level });
      log_level.level = level;
      if (level !== "error") note(deps, caller, "setLogLevel", { to: level });
      return done({ level });
    },
    testPushAsAdmin: async ({ caller, body: { user_id }, signal }) => {
      if (!deps.testPush) return refuse("not_found", "this server sends no pushes");
      note(deps, caller, "testPushAsAdmin", { user_id });
      return done(await deps.testPush(user_id, signal));
    },
  };
}

function note(
  { log }: AdministrationDeps,
  caller: Admin,
  change: Changes,
  about: Readonly<Record<string, string>>,
): void {
  const by = caller.by === "token" ? "token" : caller.user_id;
  log.warn("the server was administered", { by, change, ...about });
}
