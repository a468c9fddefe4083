/**
 * The columns that make a row of each table wherever it is kept, and in which order rows are read. A test holds this
 * against the schema. `outbox.id` is not among them: each engine counts its own.
 */
import type { AccountTable } from "@damso/core/ports/rows";

export type Columns = {
  columns: Readonly<Record<string, "text" | "number">>;
  /** What orders the rows, and is different in each. */
  order: readonly string[];
};

const pair: Columns = {
  columns: { user_id: "text", other_id: "text", created_at: "number" },
  order: ["user_id", "other_id"],
};

export const COLUMNS: Record<AccountTable, Columns> = {
  users: {
    columns: {
      user_id: "text",
      username: "text",
      name: "text",
      avatar: "text",
      about: "text",
      locale: "text",
      presence: "text",
      who_may_message: "text",
      receipts: "number",
      push_direct: "text",
      push_group: "text",
      private_push: "number",
      created_at: "number",
      updated_at: "number",
      deleted_at: "number",
    },
    order: ["user_id"],
  },
  credentials: {
    columns: { user_id: "text", password_hash: "text", changed_at: "number" },
    order: ["user_id"],
  },
  sessions: {
    columns: {
      session_id: "text",
      device_id: "text",
      user_id: "text",
      device_name: "text",
      time_zone: "text",
      created_at: "number",
      last_used_at: "number",
      generation: "number",
      confirmed: "number",
      family_hash: "text",
      token_hash: "text",
      previous_hash: "text",
      rotated_at: "number",
    },
    order: ["session_id"],
  },
  contacts: pair,
  blocks: pair,
  subscriptions: {
    columns: {
      device_id: "text",
      user_id: "text",
      address: "text",
      target: "text",
      created_at: "number",
    },
    order: ["device_id"],
  },
  outbox: {
    columns: { user_id: "text", change: "text", created_at: "number" },
    order: ["id"],
  },
};
