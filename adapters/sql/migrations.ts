/** The schema, as the numbered steps that make it. A step that has shipped is never edited; a change is a new step. */
import type { Dialect } from "./database.ts";

export type Migration = { number: number; name: string; statements(dialect: Dialect): string[] };

export const MIGRATIONS: readonly Migration[] = [
  {
    number: 1,
    name: "accounts",
    statements: (dialect) => [
      `CREATE TABLE users (
        user_id TEXT PRIMARY KEY,
        username TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        avatar TEXT,
        about TEXT NOT NULL,
        locale TEXT,
        presence TEXT NOT NULL,
        who_may_message TEXT NOT NULL,
        receipts SMALLINT NOT NULL,
        push_direct TEXT NOT NULL,
        push_group TEXT NOT NULL,
        private_push SMALLINT NOT NULL,
        created_at BIGINT NOT NULL,
        updated_at BIGINT NOT NULL,
        deleted_at BIGINT
      )`,
      `CREATE TABLE credentials (
        user_id TEXT PRIMARY KEY REFERENCES users (user_id),
        password_hash TEXT NOT NULL,
        changed_at BIGINT NOT NULL
      )`,
      `CREATE TABLE sessions (
        session_id TEXT PRIMARY KEY,
        device_id TEXT NOT NULL UNIQUE,
        user_id TEXT NOT NULL REFERENCES users (user_id),
        device_name TEXT NOT NULL,
        time_zone TEXT,
        created_at BIGINT NOT NULL,
        last_used_at BIGINT NOT NULL,
        generation BIGINT NOT NULL,
        confirmed SMALLINT NOT NULL,
        family_hash TEXT NOT NULL UNIQUE,
        token_hash TEXT NOT NULL,
        previous_hash TEXT,
        rotated_at BIGINT NOT NULL
      )`,
      "CREATE INDEX sessions_by_user ON sessions (user_id)",
      ...pairs("contacts"),
      ...pairs("blocks"),
      `CREATE TABLE subscriptions (
        device_id TEXT PRIMARY KEY REFERENCES sessions (device_id) ON DELETE CASCADE,
        user_id TEXT NOT NULL REFERENCES users (user_id),
        address TEXT NOT NULL UNIQUE,
        target TEXT NOT NULL,
        created_at BIGINT NOT NULL
      )`,
      "CREATE INDEX subscriptions_by_user ON subscriptions (user_id)",
      `CREATE TABLE outbox (
        id ${dialect.identity},
        user_id TEXT NOT NULL,
        change TEXT NOT NULL,
        created_at BIGINT NOT NULL
      )`,
    ],
  },
  {
    number: 2,
    name: "log-in codes",
    statements: () => [
      `CREATE TABLE log_in_codes (
        code_hash TEXT PRIMARY KEY,
        secret_hash TEXT NOT NULL,
        device_name TEXT NOT NULL,
        address TEXT NOT NULL,
        created_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL,
        state TEXT NOT NULL,
        user_id TEXT,
        session_id TEXT
      )`,
      "CREATE INDEX log_in_codes_by_end ON log_in_codes (expires_at)",
    ],
  },
];

/** Contacts and blocks: from one user to another, found from both ends. */
function pairs(table: string): string[] {
  return [
    `CREATE TABLE ${table} (
      user_id TEXT NOT NULL REFERENCES users (user_id),
      other_id TEXT NOT NULL REFERENCES users (user_id),
      created_at BIGINT NOT NULL,
      PRIMARY KEY (user_id, other_id)
    )`,
    `CREATE INDEX ${table}_by_other ON ${table} (other_id)`,
  ];
}
