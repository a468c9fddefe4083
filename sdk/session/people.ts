/** Users, devices and contacts as the HTTP calls answer them. Times are RFC 3339. */
import type { DeviceId, UserId } from "@damso/protocol";

export type User = {
  user_id: UserId;
  username: string;
  name: string;
  avatar?: string;
  about?: string;
};

export type Me = User & { settings: Record<string, unknown> };

export type MePatch = {
  name?: string;
  avatar?: string | null;
  about?: string;
  settings?: Record<string, unknown>;
};

export type Contact = { user_id: UserId };

export type Device = {
  device_id: DeviceId;
  name: string;
  created_at: string;
  last_used_at: string;
  current: boolean;
};
