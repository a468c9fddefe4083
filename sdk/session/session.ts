/** Signing up, in and out. Calls: `POST /v1/signup`, `/v1/login`, `/v1/logout`. */
import type { DeviceId, Grant, UserId } from "@damso/protocol";
import type { Environment } from "../environment.ts";
import { DamsoError } from "../errors.ts";
import { platform } from "../platform/platform.ts";
import { request } from "../transport/http.ts";

/**
 * A signed-in device: what an app keeps between runs. Plain JSON; the refresh token is as good as the password.
 * A cookie session has no tokens in it: the browser holds them, and `server` must be the page's own origin.
 */
export type Session = {
  /** The base URL that the account lives at. */
  server: string;
  user_id: UserId;
  device_id: DeviceId;
  access_token?: string;
  refresh_token?: string;
  /** When the access token ends, in ms since 1970 by this device's clock. */
  expires_at: number;
};

export type LogIn = {
  /** Base URL, such as `http://localhost:8080`. */
  server: string;
  username: string;
  password: string;
  /** Shown in the list of devices. */
  device_name?: string;
  /** Keep the tokens in cookies that no script can read; same origin only. */
  cookie?: boolean;
};

type World = Pick<Environment, "fetch" | "now">;

/** Makes an account and signs in; without a `name` others see the username. Rejects with `username_taken`, `invalid_username`, `invalid`, `too_long`. */
export function signUp(
  account: LogIn & { name?: string },
  world: World = platform,
): Promise<Session> {
  return enter("/v1/signup", { name: account.username, ...account }, world);
}

/** Signs in on a new device. Rejects with `wrong_credentials`. */
export function logIn(account: LogIn, world: World = platform): Promise<Session> {
  return enter("/v1/login", account, world);
}

async function enter(path: string, account: LogIn, world: World): Promise<Session> {
  const { server, ...body } = account;
  const grant = await request<Grant | undefined>(world, server, ["POST", path, body]);
  return granted(server, grant, world.now());
}

/** Rejects what is no grant with `disconnected`: the log-in page of a hotel answers 200 to everything. */
export function granted(server: string, grant: Grant | undefined, now: number): Session {
  if (grant?.expires_in === undefined) throw new DamsoError("disconnected");
  const { expires_in, ...rest } = grant;
  return { server, ...rest, expires_at: now + expires_in * 1000 };
}
