import type { VNode } from "preact";
import type { Chat } from "../model/chat.ts";
import { useStrings } from "./app-context.ts";
import { copyMessages } from "./copy.ts";
import type { IconName } from "./icons.tsx";
import { Icon } from "./icons.tsx";
import type { Over } from "./over.tsx";

type Props = { chat: Chat; onOver: (over: Over) => void };

/** What can be done to the chosen messages, where the header of the chat stands otherwise. */
export function SelectionBar({ chat, onOver }: Props): VNode {
  const strings = useStrings();
  const { selection } = chat;
  const messages = selection.messages.value;
  const all = messages.length > 0 && messages.every(chat.mayDelete);
  const remove = (whom: "me" | "all"): void => {
    chat.remove(messages, whom);
    selection.clear();
  };
  const copy = (): void => {
    void chat.report(copyMessages(chat, messages));
    selection.clear();
  };
  return (
    <header class="chat-head">
      <Tool icon="close" words={strings.cancel} onPick={selection.clear} />
      <strong class="chat-name" role="status">
        {strings.talk.selected(selection.chosen.value?.size ?? 0)}
      </strong>
      <span class="row-end">
        <Tool icon="copy" words={strings.copy} onPick={copy} />
        <Tool
          icon="forward"
          words={strings.talk.forward}
          onPick={() => onOver({ kind: "forward", messages })}
        />
        <Tool icon="bin" words={strings.deleteForMe} onPick={() => remove("me")} />
        {all && (
          <button type="button" class="button quiet danger" onClick={() => remove("all")}>
            {strings.deleteForAll}
          </button>
        )}
      </span>
    </header>
  );
}

function Tool({
  icon,
  words,
  onPick,
}: {
  icon: IconName;
  words: string;
  onPick: () => void;
}): VNode {
  return (
    <button type="button" class="round" aria-label={words} title={words} onClick={onPick}>
      <Icon name={icon} />
    </button>
  );
}
