import type { Message } from "@damso/sdk";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { placeholder } from "../model/system.ts";
import { useStrings } from "./app-context.ts";
import { Icon } from "./icons.tsx";

/** The newest pinned message, one line; a click goes to it. */
export function PinBar({
  chat,
  onJump,
}: {
  chat: Chat;
  onJump: (seq: number) => void;
}): VNode | null {
  const strings = useStrings();
  const seq = chat.pin.value;
  const [message, setMessage] = useState<Message>();
  useEffect(() => {
    if (seq === undefined) return;
    // Not there or not to be seen: then the bar stays away.
    chat.context.client.body(chat.id, seq).then(setMessage, () => setMessage(undefined));
  }, [chat, seq]);
  if (seq === undefined || message?.seq !== seq) return null;
  return (
    <button type="button" class="pin-bar" title={strings.jumpToPinned} onClick={() => onJump(seq)}>
      <Icon name="pin" />
      <span class="one-line" dir="auto">
        <span class="hidden">{strings.pinned}: </span>
        {placeholder(message, strings) ?? message.body?.slice(0, 200)}
      </span>
    </button>
  );
}
