/** Chat on a Damso server: `logIn`, `createClient`, `start`, `send`. */
export { DamsoError } from "./errors.ts";
export type { DamsoErrorCode, LocalCode } from "./errors.ts";
export type * from "./api.ts";
export { createClient } from "./client/client.ts";
export type { ClientOptions } from "./client/options.ts";
export { memoryStore } from "./store/memory.ts";
export { logIn, signUp } from "./session/session.ts";
export type { LogIn, Session } from "./session/session.ts";
export type { Environment } from "./environment.ts";
export type { Store } from "./store/port.ts";
export type {
  Attachment,
  Channel,
  ChannelId,
  ClientId,
  Device,
  DeviceId,
  Listed,
  Me,
  Mention,
  Message,
  MessageId,
  PatchMe,
  Presence,
  Profile,
  Seq,
  UserId,
} from "@damso/protocol";
