import type { VNode } from "preact";
import type { Row } from "../model/chat-list.ts";
import type { RowActions } from "../model/row-actions.ts";
import { useStrings } from "./app-context.ts";
import type { MenuEntry, MenuPlace } from "./menu.tsx";
import { Menu } from "./menu.tsx";

type Props = { row: Row; place: MenuPlace; actions: RowActions; onClose: () => void };

/** What can be done to a chat from the list. */
export function RowMenu({ row, place, actions, onClose }: Props): VNode {
  const { talk } = useStrings();
  const isNew = row.unread > 0 || row.marked;
  const entries: MenuEntry[] = [
    {
      icon: "pin",
      words: row.pinned ? talk.unpinChat : talk.pinChat,
      run: () => actions.togglePin(row),
    },
    {
      icon: "quiet",
      words: row.muted ? talk.unmuteChat : talk.muteChat,
      run: () => actions.toggleMute(row),
    },
    {
      icon: isNew ? "check" : "dot",
      words: isNew ? talk.markRead : talk.markUnread,
      run: () => actions.toggleRead(row),
    },
    {
      icon: "broom",
      danger: true,
      words: talk.clearChat,
      sure: talk.clearSure,
      run: () => actions.clear(row),
    },
  ];
  return (
    <Menu label={talk.chatActions(row.name)} place={place} entries={entries} onClose={onClose} />
  );
}
