/**
 * The accounts store: users, credentials, sessions, contacts and blocks, push subscriptions, and the outbox that
 * carries their changes into feeds. Relational; one contract suite for every engine (`contracts/accounts.ts`).
 *
 * Every method that changes something takes the time from its caller, is one transaction, and resolves only when
 * that is durable. Every change that a user's devices must see leaves its outbox row in the same transaction.
 * An aborted signal rejects with the signal's reason before anything is written. A store that cannot answer (disk
 * full, connection lost) rejects with an `AccountsFailure`; everything else that can happen is in the result.
 */
import type { DeviceId, SessionId, UserId } from "@damso/protocol/ids";
import type {
  Contact,
  Credential,
  NewSession,
  NewUser,
  OutboxRow,
  PushTarget,
  Session,
  SessionChoice,
  SessionUse,
  Subscription,
  TokenHashes,
  User,
  UserPatch,
  UserSummary,
} from "./account-records.ts";
import type { Directory } from "./directory.ts";
import type { LogInCodes } from "./log-in-codes.ts";
import type { Signal } from "./signal.ts";

/** How long a contact list or block list may get; the callers' value for `Listing.max`. */
export const CONTACTS_MAX = 10_000;

export type UserQuery = {
  /** The beginning of a username, a part of a name, or an id, in small letters; empty: everyone. */
  text: string;
  /** Only users whose ids are lower: those made before. */
  before?: UserId;
  limit: number;
};

export type Users = {
  create(user: NewUser, signal?: Signal): Promise<"created" | "username_taken">;
  /** The users that exist, tombstones included, in no particular order. */
  byIds(ids: readonly UserId[], signal?: Signal): Promise<User[]>;
  /** A living user by exact username. */
  byUsername(username: string, signal?: Signal): Promise<User | undefined>;
  /** The user after the patch, or undefined when there is no living user of this id. */
  update(
    user_id: UserId,
    patch: UserPatch,
    now: number,
    signal?: Signal,
  ): Promise<User | undefined>;
  /**
   * Deletes the account: credentials, sessions, contacts and blocks in both directions, and subscriptions go;
   * the row stays as a tombstone. Answers the revoked sessions, or undefined when there was no living user.
   */
  remove(user_id: UserId, now: number, signal?: Signal): Promise<Session[] | undefined>;
  /** The user whose account was made first, even if it is a tombstone. */
  first(signal?: Signal): Promise<UserId | undefined>;
  /** Newest first, tombstones included. With a text it may read the whole table. */
  list(query: UserQuery, signal?: Signal): Promise<UserSummary[]>;
};

export type PasswordChange = {
  user_id: UserId;
  /** The hash that the old password was checked against. */
  if_hash: string;
  password_hash: string;
  /** The session that asked stays; null revokes all. */
  keep: SessionId | null;
  /** What changes with it, or does not if the password does not. */
  patch?: UserPatch;
  now: number;
};

export type Credentials = {
  byUsername(username: string, signal?: Signal): Promise<Credential | undefined>;
  byUser(user_id: UserId, signal?: Signal): Promise<Credential | undefined>;
  /** Sets the password and revokes the other sessions, or `stale` when `if_hash` is no longer the hash. */
  change(
    change: PasswordChange,
    signal?: Signal,
  ): Promise<{ outcome: "changed"; user: User; revoked: Session[] } | { outcome: "stale" }>;
};

export type SessionRule = {
  /** Beyond this many the devices unused for longest are revoked. */
  devices_max: number;
  /** The hash that the password was checked against: a password changed meanwhile lets nobody in. */
  if_hash: string;
};

export type Rotation =
  | { outcome: "rotated" | "repeated"; session: Session }
  | { outcome: "reused"; session: Session }
  | { outcome: "unknown" };

export type Turn = TokenHashes & {
  next_hash: string;
  now: number;
  grace_ms: number;
};

export type Sessions = {
  create(
    session: NewSession,
    rule: SessionRule,
    signal?: Signal,
  ): Promise<{ outcome: "created"; session: Session; revoked: Session[] } | { outcome: "stale" }>;
  byId(session_id: SessionId, signal?: Signal): Promise<Session | undefined>;
  /** The session whose refresh tokens carry this family handle. */
  byFamily(family_hash: string, signal?: Signal): Promise<Session | undefined>;
  /**
   * Exchanges a refresh token for its successor, atomically.
   *
   * - The newest token: `rotated`; `next_hash` is now the newest and this one its predecessor.
   * - The predecessor, with `next_hash` equal to the newest (the caller derives a successor from its token, so a
   *   repeat derives the same one), within `grace_ms` of the rotation or while the newest is unconfirmed:
   *   `repeated`, nothing changes, the caller hands out the same successor again. So neither two tabs that refresh
   *   at once nor an answer lost in a tunnel logs anybody out.
   * - Any other token of the family was spent by someone who is not its last owner: `reused`, the session is revoked.
   *   (A thief's rotation is confirmed by the first use of what it gained, which ends the leniency.)
   * - No living session of this family: `unknown`.
   */
  rotate(turn: Turn, signal?: Signal): Promise<Rotation>;
  /** Most recently used first. */
  list(user_id: UserId, signal?: Signal): Promise<Session[]>;
  /** Answers the sessions that were alive and are now revoked. */
  revoke(user_id: UserId, choice: SessionChoice, now: number, signal?: Signal): Promise<Session[]>;
  /** Notes uses in one transaction: `last_used_at` moves forward, a used newest generation becomes confirmed. */
  touch(uses: readonly SessionUse[], signal?: Signal): Promise<void>;
};

export type Pair = { user_id: UserId; other_id: UserId; now: number };
export type Listing = Pair & {
  /** A list with this many takes no new one: `full`. */
  max: number;
};

export type Contacts = {
  /** Oldest first. */
  list(user_id: UserId, signal?: Signal): Promise<Contact[]>;
  /** `not_found` when either is no living user, or both are the same. Repeating changes nothing. */
  put(listing: Listing, signal?: Signal): Promise<"ok" | "not_found" | "full">;
  remove(pair: Pair, signal?: Signal): Promise<void>;
  listBlocks(user_id: UserId, signal?: Signal): Promise<Contact[]>;
  /** The list's projection of a block: the block itself is decided by the direct channel. */
  putBlock(listing: Listing, signal?: Signal): Promise<"ok" | "not_found" | "full">;
  removeBlock(pair: Pair, signal?: Signal): Promise<void>;
  /** Whether the list has it. */
  isBlocked(pair: Omit<Pair, "now">, signal?: Signal): Promise<boolean>;
};

export type NewSubscription = {
  user_id: UserId;
  device_id: DeviceId;
  target: PushTarget;
  now: number;
};

export type Subscriptions = {
  /** Replaces the device's subscription, and takes the target from any other device that had it. */
  put(subscription: NewSubscription, signal?: Signal): Promise<"ok" | "not_found">;
  /** Given an address, removes only a subscription that still has it: a late 410 spares a renewed one. */
  remove(
    device: { user_id: UserId; device_id: DeviceId; if_address?: string; now: number },
    signal?: Signal,
  ): Promise<void>;
  listByUser(user_id: UserId, signal?: Signal): Promise<Subscription[]>;
};

export type Outbox = {
  /** The oldest rows, at most `limit`, ascending by id; they stay until removed. */
  take(limit: number, signal?: Signal): Promise<OutboxRow[]>;
  /** As `take`, the rows of one user. */
  takeOf(user_id: UserId, limit: number, signal?: Signal): Promise<OutboxRow[]>;
  remove(ids: readonly number[], signal?: Signal): Promise<void>;
};

export type Accounts = {
  /** What a shard asks about a user, from one consistent read. */
  directory: Directory;
  users: Users;
  credentials: Credentials;
  sessions: Sessions;
  log_in_codes: LogInCodes;
  contacts: Contacts;
  subscriptions: Subscriptions;
  outbox: Outbox;
  close(): Promise<void>;
};

/** The store could not do it: `busy` was not tried, `unavailable` has an unknown outcome. */
export type AccountsFailure = Error & { code: "busy" | "unavailable" };
