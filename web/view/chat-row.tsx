import type { VNode } from "preact";
import type { Preview, Row } from "../model/chat-list.ts";
import { useStrings } from "./app-context.ts";
import { Avatar } from "./avatar.tsx";
import { Icon } from "./icons.tsx";
import type { MenuPlace } from "./menu.tsx";
import { Tick } from "./tick.tsx";
import { useMenuTriggers } from "./use-menu-triggers.ts";

type Props = {
  row: Row;
  open: boolean;
  index: number;
  /** Where the Tab key enters the list. */
  focusable: boolean;
  onOpen: () => void;
  onMenu: (place: MenuPlace) => void;
};

export function ChatRow({ row, open, index, focusable, onOpen, onMenu }: Props): VNode {
  const strings = useStrings();
  const { onKeyDown: _, ...triggers } = useMenuTriggers(onMenu);
  return (
    <button
      type="button"
      class="row"
      data-row={index}
      tabIndex={focusable ? 0 : -1}
      aria-current={open ? "true" : undefined}
      onClick={onOpen}
      {...triggers}
    >
      <Avatar id={row.face} name={row.name} group={row.group} online={row.online} />
      <span class="row-top">
        <span class="row-name">{row.name}</span>
        {row.online && <span class="hidden">, {strings.online}</span>}
        {row.muted && (
          <span class="row-mark" title={strings.muted}>
            <Icon name="quiet" />
            <span class="hidden">, {strings.muted}</span>
          </span>
        )}
        {row.pinned && (
          <span class="row-mark" title={strings.pinned}>
            <Icon name="pin" />
            <span class="hidden">, {strings.pinned}</span>
          </span>
        )}
        <span class="row-end">
          {row.tick && <Tick tick={row.tick} />}
          <span class="row-time">{row.time}</span>
        </span>
      </span>
      <span class="row-bottom">
        <PreviewText preview={row.preview} />
        {row.mentioned && (
          <span class="badge at" title={strings.mentioned}>
            <span aria-hidden="true">@</span>
            <span class="hidden">, {strings.mentioned}</span>
          </span>
        )}
        {row.marked && row.unread === 0 && (
          <span class="badge marked">
            <span class="hidden">, {strings.talk.markedUnread}</span>
          </span>
        )}
        {row.unread > 0 && (
          <span class={`badge${row.muted ? " grey" : ""}`}>
            <span aria-hidden="true">{row.unread > 999 ? "999+" : row.unread}</span>
            <span class="hidden">, {strings.unread(row.unread)}</span>
          </span>
        )}
      </span>
    </button>
  );
}

function PreviewText({ preview }: { preview: Preview }): VNode {
  return (
    <span class={`preview ${preview.kind}`} dir="auto">
      {preview.by !== undefined && <span class="by">{preview.by}: </span>}
      {preview.text}
      {preview.kind === "typing" && "…"}
    </span>
  );
}
