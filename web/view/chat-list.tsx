import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Preview, Row } from "../model/chat-list.ts";
import type { Home } from "../model/home.ts";
import { useStrings } from "./app-context.ts";
import { Avatar } from "./avatar.tsx";
import { HintCard } from "./host/hint-card.tsx";
import { Icon } from "./icons.tsx";
import { lazily } from "./lazy.tsx";
import { Tick } from "./tick.tsx";

const People = lazily(() => import("./people/people.tsx").then((m) => m.People));
const Settings = lazily(() => import("./settings/settings.tsx").then((m) => m.Settings));

export function ChatList({ home }: { home: Home }): VNode {
  const strings = useStrings();
  const [dialog, setDialog] = useState<"none" | "new" | "settings">("none");
  const rows = home.rows.value;
  const open = home.chat.value?.id;
  const close = (): void => setDialog("none");
  return (
    <nav class="list" aria-label={strings.chats}>
      <header class="list-head">
        <button
          type="button"
          class="face"
          aria-label={`${strings.settings}: ${home.me.name.value}`}
          onClick={() => setDialog("settings")}
        >
          <Avatar id={home.me.id} name={home.me.name.value} small />
        </button>
        <h1>{strings.chats}</h1>
        <button
          type="button"
          class="round"
          aria-label={strings.newChat}
          title={strings.newChat}
          onClick={() => setDialog("new")}
        >
          <Icon name="write" />
        </button>
      </header>
      <ul class="rows">
        {rows.map((row) => (
          <li key={row.id}>
            <RowButton row={row} open={row.id === open} onOpen={() => home.open(row.id)} />
          </li>
        ))}
      </ul>
      {rows.length === 0 && home.loaded.value && (
        <div class="empty">
          <p>{strings.noChats}</p>
          {home.me.username.value !== "" && <small>{strings.findMe(home.me.username.value)}</small>}
          <button type="button" class="button primary" onClick={() => setDialog("new")}>
            {strings.newChat}
          </button>
        </div>
      )}
      <HintCard home={home} />
      {dialog === "new" && <People onClose={close} />}
      {dialog === "settings" && <Settings onClose={close} />}
    </nav>
  );
}

function RowButton({ row, open, onOpen }: { row: Row; open: boolean; onOpen: () => void }): VNode {
  const strings = useStrings();
  return (
    <button type="button" class="row" aria-current={open ? "true" : undefined} onClick={onOpen}>
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
