/** Rows as the engines give them, turned into records. Counts and times may arrive as text, flags as 0 and 1. */
import type { Audience, PushLevel } from "@damso/core/ports/directory";
import type { Session, User, UserSummary } from "@damso/core/ports/account-records";
import { isLocked } from "@damso/core/ports/account-records";
import type { DeviceId, SessionId, UserId } from "@damso/protocol/ids";

export type Count = number | string | bigint;
export type Flag = number | boolean;

export type UserRow = {
  user_id: UserId;
  username: string;
  name: string;
  avatar: string | null;
  about: string;
  locale: string | null;
  presence: Audience;
  who_may_message: Audience;
  receipts: Flag;
  push_direct: PushLevel;
  push_group: PushLevel;
  private_push: Flag;
  created_at: Count;
  deleted_at: Count | null;
};

export function toUser(row: UserRow): User {
  return {
    user_id: row.user_id,
    username: row.username,
    name: row.name,
    avatar: row.avatar,
    about: row.about,
    locale: row.locale,
    settings: {
      presence: row.presence,
      who_may_message: row.who_may_message,
      receipts: Boolean(row.receipts),
      push: { direct: row.push_direct, group: row.push_group },
      private_push: Boolean(row.private_push),
    },
    created_at: Number(row.created_at),
    deleted_at: row.deleted_at === null ? null : Number(row.deleted_at),
  };
}

export type SummaryRow = UserRow & {
  sessions: Count;
  last_used_at: Count | null;
  /** A tombstone has none. */
  password_hash: string | null;
};

export function toSummary(row: SummaryRow): UserSummary {
  return {
    ...toUser(row),
    sessions: Number(row.sessions),
    last_used_at: row.last_used_at === null ? null : Number(row.last_used_at),
    is_locked: row.password_hash !== null && isLocked(row.password_hash),
  };
}

export type SessionRow = {
  session_id: SessionId;
  device_id: DeviceId;
  user_id: UserId;
  device_name: string;
  time_zone: string | null;
  created_at: Count;
  last_used_at: Count;
  generation: Count;
  confirmed: Flag;
  token_hash: string;
  previous_hash: string | null;
  rotated_at: Count;
};

export function toSession(row: SessionRow): Session {
  return {
    session_id: row.session_id,
    device_id: row.device_id,
    user_id: row.user_id,
    device_name: row.device_name,
    time_zone: row.time_zone,
    created_at: Number(row.created_at),
    last_used_at: Number(row.last_used_at),
    generation: Number(row.generation),
    confirmed: Boolean(row.confirmed),
  };
}
