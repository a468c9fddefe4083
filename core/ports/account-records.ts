/**
 * The records of the accounts store: who exists, with which settings and devices, who knows whom.
 * Times are ms since 1970. Fields are named as their columns are.
 */
import type { PushSubscription } from "@damso/protocol/http/devices";
import type { DeviceId, SessionId, UserId } from "@damso/protocol/ids";
import type { AccountSettings } from "@damso/protocol/schema/account";

export type UserSettings = AccountSettings;

export const DEFAULT_SETTINGS: UserSettings = {
  presence: "everyone",
  who_may_message: "everyone",
  receipts: true,
  push: { direct: "all", group: "all" },
  private_push: false,
};

export type User = {
  user_id: UserId;
  /** Stays reserved when the account is deleted, so that nobody inherits a dead person's name. */
  username: string;
  name: string;
  avatar: string | null;
  about: string;
  locale: string | null;
  settings: UserSettings;
  created_at: number;
  /** Set on the tombstone of a deleted account; its name, avatar and text are empty. */
  deleted_at: number | null;
};

/** A user as whoever runs the server sees one in a list. */
export type UserSummary = User & {
  sessions: number;
  /** Of the session used last; null without one. */
  last_used_at: number | null;
  /** Nobody gets in with the password: see `locked`. */
  is_locked: boolean;
};

export type NewUser = {
  user_id: UserId;
  username: string;
  name: string;
  password_hash: string;
  created_at: number;
  /** Of the device that signs up: opened together with the account, or neither is. */
  session?: NewSession;
};

export type SettingsPatch = Partial<Omit<UserSettings, "push">> & {
  push?: Partial<UserSettings["push"]>;
};

/** A field absent stays as it is; null clears. */
export type UserPatch = {
  name?: string;
  avatar?: string | null;
  about?: string;
  locale?: string | null;
  settings?: SettingsPatch;
};

export type Credential = { user_id: UserId; password_hash: string };

const LOCK = "!";

/**
 * The hash of an account that is disabled: no password has it, and without the mark it is what it was. So one change
 * of the credential ends all sessions and keeps new ones out, and no reader of hashes has to know more.
 */
export function locked(password_hash: string): string {
  return isLocked(password_hash) ? password_hash : LOCK + password_hash;
}

export function isLocked(password_hash: string): boolean {
  return password_hash.startsWith(LOCK);
}

export function unlocked(password_hash: string): string {
  return isLocked(password_hash) ? password_hash.slice(LOCK.length) : password_hash;
}

/** One signed-in device. Revoking deletes the row, so what is listed is what is alive. */
export type Session = {
  session_id: SessionId;
  device_id: DeviceId;
  user_id: UserId;
  device_name: string;
  /** IANA name, for quiet hours; null when the device never told. */
  time_zone: string | null;
  created_at: number;
  last_used_at: number;
  /** 1 for the tokens of the sign-in, +1 with every rotation; carried by access tokens. */
  generation: number;
  /** An access token of this generation has been used, so its owner received the newest refresh token. */
  confirmed: boolean;
};

/** A refresh token as the store knows it: SHA-256 in base64url of its family handle and of its secret. */
export type TokenHashes = { family_hash: string; token_hash: string };

export type NewSession = Pick<
  Session,
  "session_id" | "device_id" | "user_id" | "device_name" | "time_zone" | "created_at"
> &
  TokenHashes;

/** A session as it is when it begins. */
export function begun({ family_hash: _f, token_hash: _t, ...session }: NewSession): Session {
  return { ...session, last_used_at: session.created_at, generation: 1, confirmed: false };
}

export type SessionUse = {
  session_id: SessionId;
  generation: number;
  used_at: number;
  time_zone?: string;
};

/** Which of a user's sessions: one, the one of a device, or all but one (null: all). */
export type SessionChoice =
  | { session_id: SessionId }
  | { device_id: DeviceId }
  | { all_but: SessionId | null };

export function isChosen(session: Session, choice: SessionChoice): boolean {
  if ("session_id" in choice) return session.session_id === choice.session_id;
  if ("device_id" in choice) return session.device_id === choice.device_id;
  return session.session_id !== choice.all_but;
}

/** Most recently used first; the order among equals is fixed so that every engine agrees. */
export function byRecency(a: Session, b: Session): number {
  return (
    b.last_used_at - a.last_used_at ||
    b.created_at - a.created_at ||
    (a.session_id < b.session_id ? 1 : -1)
  );
}

export type Contact = { user_id: UserId; created_at: number };

/** Where a push goes, as the device registered it. */
export type PushTarget = PushSubscription;

export type Subscription = {
  device_id: DeviceId;
  user_id: UserId;
  target: PushTarget;
  created_at: number;
};

/** What a push service calls the device. One address belongs to one device at a time. */
export function targetAddress(target: PushTarget): string {
  return target.kind === "webpush" ? target.endpoint : target.token;
}

/** What changed in an account. Small on purpose: a device reads the new state itself. */
export type AccountChange =
  | { kind: "profile" }
  | { kind: "settings" }
  | { kind: "push" }
  | { kind: "contacts"; other_id: UserId }
  | { kind: "blocks"; other_id: UserId }
  | { kind: "devices"; revoked: SessionId[] }
  /** Its direct channels are to be closed and its groups to be left. */
  | { kind: "deleted"; revoked: SessionId[] };

/**
 * One change on its way into the user's feed. `id` rises within a user in commit order, so the feed's home
 * skips what it has applied by remembering the last id; across users the ids say nothing.
 */
export type OutboxRow = {
  id: number;
  user_id: UserId;
  change: AccountChange;
  created_at: number;
};
