/** Chat on a Damso server: `logIn`, `createClient`, `start`, `send`. */
export { DamsoError } from "./errors.ts";
export type { DamsoErrorCode, LocalCode } from "./errors.ts";
export type * from "./api.ts";
export type { Contact, Device, Me, MePatch, User } from "./session/people.ts";
export type { Session } from "./session/session.ts";
export type { Environment } from "./environment.ts";
export type { Store } from "./store/port.ts";
export type {
  Attachment,
  Channel,
  ChannelId,
  ClientId,
  DeviceId,
  Mention,
  Message,
  MessageId,
  Presence,
  Seq,
  UserId,
} from "@damso/protocol";
