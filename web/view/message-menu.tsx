import type { Message } from "@damso/sdk";
import type { VNode } from "preact";
import type { Chat } from "../model/chat.ts";
import { isEditable } from "../model/deeds.ts";
import { QUICK } from "../model/emoji.ts";
import { readersOf } from "../model/readers.ts";
import type { Strings } from "../model/strings/strings.ts";
import { useStrings } from "./app-context.ts";
import { copyMessages } from "./copy.ts";
import { Icon } from "./icons.tsx";
import type { MenuEntry, MenuPlace } from "./menu.tsx";
import { Menu } from "./menu.tsx";
import type { Over } from "./over.tsx";

type Props = {
  chat: Chat;
  message: Message;
  place: MenuPlace;
  onOver: (over: Over) => void;
  onClose: () => void;
};

/** What can be done to a message. */
export function MessageMenu(props: Props): VNode {
  const { place, onClose } = props;
  const strings = useStrings();
  return (
    <Menu
      label={strings.actions}
      place={place}
      entries={entriesOf(props, strings)}
      head={(close) => <QuickReactions {...props} close={close} />}
      onClose={onClose}
    />
  );
}

type QuickProps = Props & { close: (then: () => void) => void };

function QuickReactions({ chat, message, place, onOver, close }: QuickProps): VNode {
  const strings = useStrings();
  const me = chat.context.client.user_id;
  return (
    <div class="quick">
      {QUICK.map((emoji) => (
        <button
          type="button"
          key={emoji}
          class="emoji"
          aria-label={strings.react(emoji)}
          aria-pressed={message.reactions?.[emoji]?.includes(me) === true}
          onClick={() => close(() => chat.react(message, emoji))}
        >
          {emoji}
        </button>
      ))}
      <button
        type="button"
        class="quick-more"
        aria-label={strings.talk.moreEmoji}
        title={strings.talk.moreEmoji}
        onClick={() => close(() => onOver({ kind: "react", message, anchor: place }))}
      >
        <Icon name="smile" />
      </button>
    </div>
  );
}

function entriesOf({ chat, message, onOver }: Props, strings: Strings): MenuEntry[] {
  const { talk } = strings;
  const own = isEditable(message, chat.context.client.user_id);
  const pinned = message.pinned === true;
  const entries: (MenuEntry | false)[] = [
    { icon: "reply", words: strings.reply, run: () => chat.composer.reply(message) },
    {
      icon: "copy",
      words: strings.copy,
      run: () => void chat.report(copyMessages(chat, [message])),
    },
    {
      icon: "forward",
      words: talk.forward,
      run: () => onOver({ kind: "forward", messages: [message] }),
    },
    own && {
      icon: "edit",
      words: strings.edit,
      run: () => void chat.report(chat.composer.edit(message)),
    },
    {
      icon: "pin",
      words: pinned ? strings.unpin : strings.pin,
      run: () => chat.togglePin(message),
    },
    chat.group && readersEntry(chat, message, strings, onOver),
    { icon: "check", words: talk.select, run: () => chat.selection.toggle(message.seq) },
    {
      icon: "bin",
      danger: true,
      words: strings.deleteForMe,
      run: () => chat.remove([message], "me"),
    },
    chat.mayDelete(message) && {
      icon: "bin",
      danger: true,
      words: strings.deleteForAll,
      run: () => chat.remove([message], "all"),
    },
  ];
  return entries.filter((entry) => entry !== false);
}

function readersEntry(
  chat: Chat,
  message: Message,
  { talk }: Strings,
  onOver: Props["onOver"],
): MenuEntry {
  const { read, delivered, waiting } = readersOf(chat.context, message);
  const all = read.length + delivered.length + waiting.length;
  return {
    icon: "eye",
    words: talk.readBy(read.length, all),
    run: () => onOver({ kind: "readers", message }),
  };
}
