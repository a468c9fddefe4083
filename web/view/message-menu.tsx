import type { Message } from "@damso/sdk";
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { isEditable } from "../model/chat.ts";
import { useStrings } from "./app-context.ts";
import type { IconName } from "./icons.tsx";
import { Icon } from "./icons.tsx";

const QUICK = ["👍", "❤️", "😂", "😮", "😢", "🙏"];
const MARGIN = 8;

/** Where the menu hangs: its left edge and its top, in the window. */
export type MenuPlace = { left: number; bottom: number };

type Props = { chat: Chat; message: Message; place: MenuPlace; onClose: () => void };

/** What can be done to a message. On a narrow screen it is a sheet at the bottom. */
export function MessageMenu({ chat, message, place, onClose }: Props): VNode {
  const strings = useStrings();
  const element = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    element.current?.showModal();
    if (element.current) hang(element.current, place);
  }, []);
  useClosing(element);
  const pick = (run: () => void): void => {
    element.current?.close();
    run();
  };
  const me = chat.context.client.user_id;
  return (
    <dialog
      ref={element}
      class="menu"
      aria-label={strings.actions}
      onClose={onClose}
      onClick={(event) => event.target === element.current && element.current?.close()}
    >
      <div class="quick">
        {QUICK.map((emoji) => (
          <button
            type="button"
            key={emoji}
            class="emoji"
            aria-label={strings.react(emoji)}
            aria-pressed={message.reactions?.[emoji]?.includes(me) === true}
            onClick={() => pick(() => chat.react(message, emoji))}
          >
            {emoji}
          </button>
        ))}
      </div>
      {actionsOf(chat, message, me).map(([icon, word, run]) => (
        <MenuItem key={word} icon={icon} word={word} onPick={() => pick(run)} />
      ))}
    </dialog>
  );
}

type ItemProps = { icon: IconName; word: Word; onPick: () => void };

/** What nobody can take back is asked for twice. */
function MenuItem({ icon, word, onPick }: ItemProps): VNode {
  const strings = useStrings();
  const [asked, setAsked] = useState(false);
  const asks = word === "deleteForAll" && !asked;
  return (
    <button
      type="button"
      class={`menu-item${icon === "bin" ? " danger" : ""}`}
      onClick={() => (asks ? setAsked(true) : onPick())}
    >
      <Icon name={icon} />
      <span aria-live="polite">{asked ? strings.deleteForAllSure : strings[word]}</span>
    </button>
  );
}

type Word = "reply" | "copy" | "edit" | "pin" | "unpin" | "deleteForMe" | "deleteForAll";
type Action = [icon: IconName, word: Word, run: () => void];

function actionsOf(chat: Chat, message: Message, me: string): Action[] {
  const own = isEditable(message, chat.context.client.user_id);
  const role = chat.channel.value?.members.find(({ user_id }) => user_id === me)?.role;
  const leads = chat.header.value.group && (role === "owner" || role === "admin");
  const actions: (Action | false)[] = [
    ["reply", "reply", () => chat.composer.reply(message)],
    ["copy", "copy", () => void chat.report(copy(chat, message))],
    own && ["edit", "edit", () => void chat.report(chat.composer.edit(message))],
    ["pin", message.pinned === true ? "unpin" : "pin", () => chat.togglePin(message)],
    ["bin", "deleteForMe", () => chat.remove(message, "me")],
    (own || leads) && ["bin", "deleteForAll", () => chat.remove(message, "all")],
  ];
  return actions.filter((action) => action !== false);
}

async function copy(chat: Chat, { seq }: Message): Promise<void> {
  const { body = "" } = await chat.context.client.body(chat.id, seq);
  // Browsers have a clipboard only where the page came safely: https, or this machine.
  if (isSecureContext) await navigator.clipboard.writeText(body);
  else copyBySelection(body);
}

function copyBySelection(text: string): void {
  const box = document.createElement("textarea");
  box.className = "hidden";
  box.value = text;
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
}

/** Beside what was clicked, and inside the window. */
function hang(menu: HTMLElement, { left, bottom }: MenuPlace): void {
  const { width, height } = menu.getBoundingClientRect();
  const x = Math.min(left, innerWidth - width - MARGIN);
  const y = Math.min(bottom + 4, innerHeight - height - MARGIN);
  menu.style.setProperty("--left", `${Math.max(MARGIN, x)}px`);
  menu.style.setProperty("--top", `${Math.max(MARGIN, y)}px`);
}

/** What the menu hangs on moves with the window: then it goes. */
function useClosing(element: { current: HTMLDialogElement | null }): void {
  useEffect(() => {
    const close = (): void => element.current?.close();
    addEventListener("resize", close);
    return () => removeEventListener("resize", close);
  }, []);
}
