import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Row } from "../model/chat-list.ts";
import type { RowActions } from "../model/row-actions.ts";
import type { Talk } from "../model/strings/talk.ts";
import { useStrings } from "./app-context.ts";
import type { MenuEntry, MenuPlace } from "./menu.tsx";
import { Menu } from "./menu.tsx";
import { Confirm } from "./parts/confirm.tsx";
import { useScreens } from "./parts/words.ts";

type Props = { row: Row; place: MenuPlace; actions: RowActions; onClose: () => void };

/** What can be done to a chat from the list. */
export function RowMenu({ row, place, actions, onClose }: Props): VNode {
  const { talk } = useStrings();
  const { group } = useScreens();
  const [leaving, setLeaving] = useState(false);
  /** The menu has closed to ask: this is not over yet. */
  const asks = useRef(false);
  const ask = (): void => {
    asks.current = true;
    // The question comes after the menu has closed, which would close it too.
    setTimeout(() => setLeaving(true));
  };
  if (leaving) return <Leaving row={row} actions={actions} onClose={onClose} />;
  const entries = entriesOf(row, actions, talk);
  if (row.group) entries.push({ icon: "out", danger: true, words: group.leave, run: ask });
  return (
    <Menu
      label={talk.chatActions(row.name)}
      place={place}
      entries={entries}
      onClose={() => asks.current || onClose()}
    />
  );
}

function Leaving({ row, actions, onClose }: Omit<Props, "place">): VNode {
  const { group } = useScreens();
  const owner = actions.isOwner(row);
  return (
    <Confirm
      title={group.leaveSure}
      text={`${row.name}: ${group.leaveText}${owner ? ` ${group.leaveOwner}` : ""}`}
      button={group.leave}
      danger
      onConfirm={() => actions.leave(row)}
      onClose={onClose}
    />
  );
}

function entriesOf(row: Row, actions: RowActions, talk: Talk): MenuEntry[] {
  const isNew = row.unread > 0 || row.marked;
  return [
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
}
