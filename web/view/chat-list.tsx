import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Home } from "../model/home.ts";
import { useStrings } from "./app-context.ts";
import { Avatar } from "./avatar.tsx";
import { ChatRows } from "./chat-rows.tsx";
import { Icon } from "./icons.tsx";
import { lazily, offered } from "./lazy.tsx";
import { Slow } from "./slow.tsx";

const HintCard = offered(() => import("./overlays.ts").then((m) => m.HintCard));
const UndoBar = offered(() => import("./undo-bar.tsx").then((m) => m.UndoBar));
const People = lazily(() => import("./screens.ts").then((m) => m.People));
const Settings = lazily(() => import("./screens.ts").then((m) => m.Settings));

export function ChatList({ home }: { home: Home }): VNode {
  const strings = useStrings();
  const [dialog, setDialog] = useState<"none" | "new" | "settings">(wanted);
  const rows = home.rows.value;
  const { panel } = home.going;
  const close = (): void => {
    setDialog("none");
    if (panel.value === "new") panel.value = undefined;
  };
  return (
    <nav class="list" aria-label={strings.chats}>
      <header class="list-head">
        <button type="button" class="face" onClick={() => setDialog("settings")}>
          <Avatar id={home.me.id} name={home.me.name.value} small />
          <span class="hidden">{`${strings.settings}: ${home.me.name.value}`}</span>
        </button>
        <div class="in-place">
          <h1>{strings.chats}</h1>
          <Slow home={home} />
        </div>
        <button
          type="button"
          class="round"
          aria-label={strings.talk.search}
          title={strings.talk.search}
          onClick={() => home.going.openSearch({ kind: "all" })}
        >
          <Icon name="search" />
        </button>
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
      <ChatRows home={home} />
      {rows.length === 0 && home.loaded.value && (
        <div class="empty">
          <p>{strings.noChats}</p>
          {home.me.username.value !== "" && <small>{strings.findMe(home.me.username.value)}</small>}
          <button type="button" class="button primary" onClick={() => setDialog("new")}>
            {strings.newChat}
          </button>
        </div>
      )}
      {!home.chat.value && home.deletions.undoable.value > 0 && <UndoBar home={home} />}
      {home.outside.hints.hint.value && <HintCard home={home} />}
      {(dialog === "new" || panel.value === "new") && <People onClose={close} />}
      {dialog === "settings" && <Settings onClose={close} />}
    </nav>
  );
}

/** The shortcut of the installed app's icon begins a new chat, once: a reload does not. */
function wanted(): "new" | "none" {
  if (!new URLSearchParams(location.search).has("new")) return "none";
  history.replaceState(history.state, "", location.pathname + location.hash);
  return "new";
}
