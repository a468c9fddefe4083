/** What can be done to a chat from the list. */
import type { Client } from "@damso/sdk";
import type { Row } from "./chat-list.ts";
import { mutedUntil } from "./mute.ts";
import type { Report } from "./report.ts";

export type RowActions = {
  togglePin: (row: Row) => void;
  toggleMute: (row: Row) => void;
  /** Read, or to be come back to. */
  toggleRead: (row: Row) => void;
  /** Everything up to now is gone for this account. */
  clear: (row: Row) => void;
  leave: (row: Row) => void;
  /** Of a group, which somebody else gets when this one leaves. */
  isOwner: (row: Row) => boolean;
};

export function createRowActions(client: Client, report: Report): RowActions {
  const set = (...change: Parameters<Client["set"]>): void => void report(client.set(...change));
  return {
    togglePin: ({ id, pinned }) => set(id, { pinned: pinned ? null : true }),
    toggleMute: ({ id, muted }) => set(id, { muted_until: mutedUntil(muted ? "off" : "ever", 0) }),
    toggleRead: ({ id, unread, marked }) => {
      const head = client.channel(id)?.head ?? 0;
      if (unread > 0) client.read(id, head);
      if (unread === 0 || marked) set(id, { unread_mark: marked ? null : true });
    },
    clear: ({ id }) => {
      const head = client.channel(id)?.head;
      if (head !== undefined) set(id, { cleared_to: head });
    },
    leave: ({ id }) => void report(client.leave(id)),
    isOwner: ({ id }) =>
      client
        .channel(id)
        ?.members.some(({ user_id, role }) => user_id === client.user_id && role === "owner") ===
      true,
  };
}
