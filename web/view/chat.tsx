import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Chat as ChatModel } from "../model/chat.ts";
import { useHome, useStrings } from "./app-context.ts";
import { Avatar } from "./avatar.tsx";
import { closedBecause, ClosedBar } from "./closed-bar.tsx";
import { Composer } from "./composer.tsx";
import { Icon } from "./icons.tsx";
import "./late-icons.ts";
import { lazily } from "./lazy.tsx";
import { MessageList } from "./message-list.tsx";
import type { Over } from "./over.tsx";
import { OverChat } from "./over.tsx";
import { PinBar } from "./pin-bar.tsx";
import { SelectionBar } from "./selection-bar.tsx";
import "./first.ts";
import { jumpTo } from "./jump.ts";
import { Slow } from "./slow.tsx";
import { UndoBar } from "./undo-bar.tsx";

const ChatInfo = lazily(() => import("./screens.ts").then((m) => m.ChatInfo));

export function Chat({ chat, onBack }: { chat: ChatModel; onBack: () => void }): VNode {
  const [info, setInfo] = useState(false);
  const [over, setOver] = useState<Over>();
  const closed = closedBecause(chat);
  const scroller = useRef<HTMLDivElement>(null);
  const jump = (seq: number): void => void jumpTo(chat, scroller.current, seq);
  useWanted(chat, jump);
  return (
    <main class="chat" aria-label={chat.header.value.name}>
      {chat.selection.chosen.value ? (
        <SelectionBar chat={chat} onOver={setOver} />
      ) : (
        <ChatHeader chat={chat} onBack={onBack} onInfo={() => setInfo(true)} />
      )}
      <PinBar chat={chat} onJump={jump} />
      <MessageList
        chat={chat}
        scroller={scroller}
        onJump={jump}
        onMenu={(message, place) => setOver({ kind: "menu", message, place })}
      />
      <UndoBar home={useHome()} />
      {closed === undefined ? (
        <Composer chat={chat} onEmoji={(anchor) => setOver({ kind: "emoji", anchor })} />
      ) : (
        <ClosedBar chat={chat} why={closed} />
      )}
      {info && <ChatInfo chat={chat} onJump={jump} onClose={() => setInfo(false)} />}
      {over && <OverChat chat={chat} over={over} onOver={setOver} />}
    </main>
  );
}

/** A message that was found elsewhere, or told of in a notification. */
function useWanted(chat: ChatModel, jump: (seq: number) => void): void {
  const seq = chat.wanted.value;
  const ready = chat.timeline.state.value !== "loading";
  useEffect(() => {
    if (seq === undefined || !ready) return;
    chat.wanted.value = undefined;
    jump(seq);
  }, [chat, seq, ready]);
}

type HeaderProps = { chat: ChatModel; onBack: () => void; onInfo: () => void };

function ChatHeader({ chat, onBack, onInfo }: HeaderProps): VNode {
  const strings = useStrings();
  const home = useHome();
  const { name, face, group, online, text } = chat.header.value;
  return (
    <header class="chat-head">
      <Back chat={chat} onBack={onBack} />
      <button type="button" class="chat-title" title={strings.chatInfo} onClick={onInfo}>
        <Avatar id={face} name={name} group={group} online={online} small />
        <span class="chat-name">
          <strong>{name}</strong>
          <span class="in-place">
            <small class={online ? "is-online" : ""}>{text}</small>
            <Slow home={home} />
          </span>
        </span>
      </button>
      <button
        type="button"
        class="round"
        aria-label={strings.talk.search}
        title={strings.talk.search}
        onClick={() => home.going.openSearch({ kind: "chat", channel: chat.id })}
      >
        <Icon name="search" />
      </button>
    </header>
  );
}

/** On a phone the list is out of sight, and what comes to other chats is told here. */
function Back({ chat, onBack }: Pick<HeaderProps, "chat" | "onBack">): VNode {
  const strings = useStrings();
  const others = useHome().rows.value.filter(({ id, muted }) => id !== chat.id && !muted);
  const count = others.reduce((sum, { unread }) => sum + unread, 0);
  const words = count > 0 ? `${strings.back}, ${strings.unread(count)}` : strings.back;
  return (
    <button type="button" class="round back" aria-label={words} onClick={onBack}>
      <Icon name="back" />
      {count > 0 && <span class="badge">{count > 99 ? "99+" : count}</span>}
    </button>
  );
}
