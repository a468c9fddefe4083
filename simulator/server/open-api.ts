/** The API of one life of a server, with sessions whose tokens are plain text. */
import type { Accounts } from "@damso/core/ports/accounts";
import type { Clock, Random } from "@damso/core/ports/clock";
import { done, refuse } from "@damso/core/result";
import type { Result } from "@damso/core/result";
import type { DeviceId, SessionId } from "@damso/protocol/ids";
import type { ApiDeps } from "@damso/server/api/deps";
import type { AuthDeps } from "@damso/server/auth/sessions";
import { listDevices, logOut, revokeDevice } from "@damso/server/auth/revoke";
import type { Gateway } from "@damso/server/gateway/gateway";
import type { RateLimits } from "@damso/server/gateway/limits";
import type { Timers } from "@damso/server/gateway/timers";
import type { Identity } from "@damso/server/gateway/types";
import type { TypingLimit } from "@damso/server/gateway/typing";
import type { Log } from "@damso/server/log";
import type { Relay } from "@damso/server/relay/relay";
import type { Host } from "../kernel/host.ts";
import { noteWarning } from "../world.ts";
import type { World } from "../world.ts";
import { createApi } from "./api.ts";
import type { Api } from "./api.ts";
import type { Engine } from "./server.ts";

export type ApiParts = {
  world: World;
  host: Host;
  clock: Clock;
  timers: Timers;
  log: Log;
  random: Random;
  accounts: Accounts;
  engine: Engine;
  relay: Relay;
  typing: TypingLimit;
  rate_limits: RateLimits;
};

export type OpenedApi = {
  call: Api;
  authenticate(token: string): Promise<Result<Identity>>;
  attach(gateway: Gateway): void;
  /** Sessions that a call of this session has ended and that was not answered yet. */
  ended: Map<SessionId, SessionId[]>;
};

/** Seconds that an access token is good for. */
const EXPIRES_IN = 900;

/** Plain text, because what is simulated is who may do what and not how a token is signed. */
export const tokenOf = (session_id: string, expires_at: number): string =>
  `${session_id}!${expires_at}`;

/** The API of one life of a server; the gateway is attached to it afterwards. */
export function openApi(parts: ApiParts): OpenedApi {
  const { world, host, accounts, clock } = parts;
  let gateway: Gateway | undefined;
  const authenticate = async (token: string): Promise<Result<Identity>> => {
    const [session_id = "", expires_at = "0"] = token.split("!");
    // Clocks of servers differ by a few seconds at most; those of devices by what they like.
    if (Number(expires_at) < clock.now()) return refuse("unauthenticated");
    const session = await accounts.sessions.byId(session_id as SessionId);
    if (!session) return refuse("unauthenticated");
    const { user_id, device_id } = session;
    return done({ user_id, device_id, session_id: session.session_id });
  };
  const ended = new Map<SessionId, SessionId[]>();
  const authFor = ({ session_id }: Identity): AuthDeps =>
    authOf(parts, (sessions) => void ended.set(session_id, sessions));
  const deps = {
    ...parts,
    bus: parts.engine.bus,
    discovery: parts.engine.discovery,
    auth: {
      listDevices: (user_id: Identity["user_id"]) =>
        listDevices(
          authOf(parts, () => {}),
          user_id,
        ),
      revokeDevice: (who: Identity, device_id: DeviceId) =>
        revokeDevice(authFor(who), who, device_id),
    },
    gateway: { poll: (...call: Parameters<Gateway["poll"]>) => (gateway as Gateway).poll(...call) },
  } as unknown as ApiDeps;
  const call = createApi({
    deps,
    authenticate,
    failed: (error) => noteWarning(world, host.name, "api", error),
    own: {
      refresh: async ({ refresh_token }: { refresh_token: string }) => {
        const session = await accounts.sessions.byId(refresh_token.slice(2) as SessionId);
        if (!session) return refuse("unauthenticated");
        const { user_id, device_id, session_id } = session;
        const access_token = tokenOf(session_id, clock.now() + EXPIRES_IN * 1000);
        return done({ user_id, device_id, access_token, refresh_token, expires_in: EXPIRES_IN });
      },
      logout: async (_body: never, token: string) => {
        const who = await authenticate(token);
        if (!who.ok) return who;
        const answer = await logOut(authFor(who.value), who.value);
        await parts.relay.settle(who.value.user_id);
        return answer.ok ? done(undefined) : answer;
      },
    },
  });
  return { call, authenticate, attach: (made) => void (gateway = made), ended };
}

function authOf(
  { accounts, clock, engine }: ApiParts,
  ended: (sessions: SessionId[]) => void,
): AuthDeps {
  return {
    accounts,
    clock,
    live: { forget() {} },
    onRevoked: async (user_id: Identity["user_id"], sessions: SessionId[]) => {
      ended(sessions);
      await engine.bus.request({ kind: "revoke", user_id, sessions });
    },
  } as unknown as AuthDeps;
}
