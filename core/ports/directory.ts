/** What a shard asks of the relational side before it decides: who exists, who knows whom, what they allow. */
import type { UserId } from "@damso/protocol/ids";
import type { Signal } from "./signal.ts";

export type Audience = "everyone" | "contacts" | "nobody";
export type PushLevel = "all" | "mentions" | "none";

export type Profile = {
  user_id: UserId;
  deleted: boolean;
  presence: Audience;
  who_may_message: Audience;
  receipts: boolean;
  push: { direct: PushLevel; group: PushLevel };
  /** Notifications name nobody and quote nothing. */
  private_push?: boolean;
  /** At least one live push subscription. */
  has_push: boolean;
  contacts: ReadonlySet<UserId>;
  /** Users this one has blocked. */
  blocks: ReadonlySet<UserId>;
};

export type Directory = {
  /** Undefined for a user who never was. */
  profile(user_id: UserId, signal?: Signal): Promise<Profile | undefined>;
};
