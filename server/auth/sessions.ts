/**
 * Accounts and sessions as the API offers them: sign-up, log-in, refresh, log-out, devices, password, deletion.
 * Orchestration only: the accounts store decides what is true, and its answer is the world's. What a call changed is
 * durable, and the revoked sessions are told to `onRevoked`, before it answers. Rules X1 to X7, X11, X12, X15, X16.
 */
import type { Session, User, UserPatch } from "@damso/core/ports/account-records";
import type { Accounts } from "@damso/core/ports/accounts";
import type { Clock } from "@damso/core/ports/clock";
import type { Result } from "@damso/core/result";
import type { DeviceId, SessionId, UserId } from "@damso/protocol/ids";
import type { Timers } from "../gateway/timers.ts";
import type { Identity } from "../gateway/types.ts";
import { authenticate } from "./authenticate.ts";
import { guarded } from "./guarded.ts";
import type { LogInCodeCalls } from "./log-in-codes.ts";
import { createLogInCodes } from "./log-in-codes.ts";
import type { AuthLimits } from "./limits.ts";
import { endSessions, setDisabled } from "./lock.ts";
import type { LiveSessions } from "./live-sessions.ts";
import { changePassword, deleteAccount } from "./own-account.ts";
import type { Passwords } from "./password.ts";
import { refresh } from "./refresh.ts";
import type { RefreshTokens } from "./refresh-tokens.ts";
import { listDevices, logOut, logOutToken, revokeDevice } from "./revoke.ts";
import { logIn, signUp } from "./sign-in.ts";
import type { AccessTokens } from "./tokens.ts";

/** What a sign-up, log-in or refresh gives. */
export type Grant = {
  user_id: UserId;
  device_id: DeviceId;
  session_id: SessionId;
  access_token: string;
  refresh_token: string;
  /** Seconds until the access token expires. */
  expires_in: number;
};

export type SignUp = { username: string; password: string; name: string; device_name?: string };
export type LogIn = { username: string; password: string; device_name?: string };

export type Auth = {
  /** Letting a new device in by a code that it shows. */
  codes: LogInCodeCalls;
  /** Who an access token stands for, if its session is alive. */
  authenticate(token: string): Promise<Result<Identity>>;
  /** `address` is where the request came from, for the limits. */
  signUp(input: SignUp, address: string, signal?: AbortSignal): Promise<Result<Grant>>;
  logIn(input: LogIn, address: string, signal?: AbortSignal): Promise<Result<Grant>>;
  refresh(refresh_token: string, signal?: AbortSignal): Promise<Result<Grant>>;
  /** Ends the session of a refresh token, if there is one. */
  logOutToken(refresh_token: string, signal?: AbortSignal): Promise<Result<void>>;
  logOut(who: Identity, signal?: AbortSignal): Promise<Result<void>>;
  /** Most recently used first. */
  listDevices(user_id: UserId, signal?: AbortSignal): Promise<Result<Session[]>>;
  revokeDevice(who: Identity, device_id: DeviceId, signal?: AbortSignal): Promise<Result<void>>;
  /** Ends every other session, and changes what else is named. The user as it is then. */
  changePassword(
    who: Identity,
    old: string,
    next: string,
    patch?: UserPatch,
    signal?: AbortSignal,
  ): Promise<Result<User>>;
  deleteAccount(who: Identity, password: string, signal?: AbortSignal): Promise<Result<void>>;
  /** Ends all sessions and keeps the user out, or lets them in again. Rule A4. */
  setDisabled(user_id: UserId, on: boolean, signal?: AbortSignal): Promise<Result<void>>;
  /** Ends one session of a user, or all. */
  endSessions(
    user_id: UserId,
    session_id: SessionId | undefined,
    signal?: AbortSignal,
  ): Promise<Result<void>>;
};

export type AuthDeps = {
  accounts: Accounts;
  passwords: Passwords;
  access_tokens: AccessTokens;
  refresh_tokens: RefreshTokens;
  live: LiveSessions;
  limits: AuthLimits;
  clock: Clock;
  timers: Pick<Timers, "after">;
  /** Snowflakes, for users, devices and sessions. */
  ids: { next(): string };
  devices_max: number;
  /** Sessions that are gone: their sockets are to be closed, and other nodes to forget them. */
  onRevoked(user_id: UserId, session_ids: SessionId[]): void | Promise<void>;
};

export function createAuth(deps: AuthDeps): Auth {
  return {
    codes: createLogInCodes(deps),
    authenticate: (token) => guarded(() => authenticate(deps, token)),
    signUp: (input, address, signal) => guarded(() => signUp(deps, input, address, signal)),
    logIn: (input, address, signal) => guarded(() => logIn(deps, input, address, signal)),
    refresh: (token, signal) => guarded(() => refresh(deps, token, signal)),
    logOutToken: (token, signal) => guarded(() => logOutToken(deps, token, signal)),
    logOut: (who, signal) => guarded(() => logOut(deps, who, signal)),
    listDevices: (user_id, signal) => guarded(() => listDevices(deps, user_id, signal)),
    revokeDevice: (who, device_id, signal) =>
      guarded(() => revokeDevice(deps, who, device_id, signal)),
    changePassword: (who, old, next, patch, signal) =>
      guarded(() => changePassword(deps, who, old, next, patch, signal)),
    deleteAccount: (who, password, signal) =>
      guarded(() => deleteAccount(deps, who, password, signal)),
    setDisabled: (user_id, on, signal) => guarded(() => setDisabled(deps, user_id, on, signal)),
    endSessions: (user_id, session_id, signal) =>
      guarded(() => endSessions(deps, user_id, session_id, signal)),
  };
}
