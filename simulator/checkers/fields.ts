/** The fields of a message that checkers compare; its text, `rev` and what a viewer adds are judged on their own. */

/** Never change. */
export const IDENTITY = ["message_id", "sender_id", "client_id", "kind", "created_at"] as const;

/** Change with `rev`. */
export const STATE = [
  "body_rev",
  "edited_at",
  "deleted_at",
  "reply_to",
  "mentions",
  "attachments",
  "reactions",
  "pinned",
  "system",
] as const;
