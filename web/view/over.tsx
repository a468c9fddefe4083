/** What lies over an open chat, one thing at a time; all but the menu is loaded when it is first asked for. */
import type { Message } from "@damso/sdk";
import type { VNode } from "preact";
import type { Chat } from "../model/chat.ts";
import { rememberEmoji } from "../model/emoji.ts";
import { lazily } from "./lazy.tsx";
import type { MenuPlace } from "./menu.tsx";
import type { Anchor } from "./popover.tsx";
import { MessageMenu } from "./message-menu.tsx";

const EmojiPicker = lazily(() => import("./overlays.ts").then((m) => m.EmojiPicker));
const Forward = lazily(() => import("./overlays.ts").then((m) => m.Forward));
const Readers = lazily(() => import("./overlays.ts").then((m) => m.Readers));

export type Over =
  | { kind: "menu"; message: Message; place: MenuPlace }
  | { kind: "react"; message: Message; anchor: Anchor }
  | { kind: "emoji"; anchor: HTMLElement }
  | { kind: "forward"; messages: readonly Message[] }
  | { kind: "readers"; message: Message };

type Props = { chat: Chat; over: Over; onOver: (over: Over | undefined) => void };

export function OverChat({ chat, over, onOver }: Props): VNode {
  const close = (): void => onOver(undefined);
  const { keep, speech } = chat.context;
  const { talk } = speech.strings.value;
  switch (over.kind) {
    case "menu": {
      const { message, place } = over;
      // What is opened from the menu comes after the menu has closed, which would close it too.
      const next = (later: Over): void => void setTimeout(() => onOver(later));
      return <MessageMenu {...{ chat, message, place }} onOver={next} onClose={close} />;
    }
    case "react":
    case "emoji":
      return (
        <EmojiPicker
          context={chat.context}
          anchor={over.anchor}
          title={over.kind === "react" ? talk.moreEmoji : talk.emoji}
          onClose={close}
          onPick={(emoji) => {
            rememberEmoji(keep, emoji);
            if (over.kind === "react") return chat.react(over.message, emoji);
            chat.composer.insert(emoji);
            over.anchor.closest("form")?.querySelector("textarea")?.focus();
          }}
        />
      );
    case "forward":
      return <Forward chat={chat} messages={over.messages} onClose={close} />;
    case "readers":
      return <Readers chat={chat} message={over.message} onClose={close} />;
  }
}
