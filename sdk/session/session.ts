/** A signed-in device: what an app keeps between runs. */
import type { DeviceId, UserId } from "@damso/protocol";

/** Plain JSON. Keep it where only this app can read it; the refresh token is as good as the password. */
export type Session = {
  /** The base URL that the account lives at. */
  server: string;
  user_id: UserId;
  device_id: DeviceId;
  access_token: string;
  refresh_token: string;
  /** When the access token ends, in ms since 1970 by this device's clock. */
  expires_at: number;
};
