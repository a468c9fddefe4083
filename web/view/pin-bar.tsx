import type { Message } from "@damso/sdk";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { placeholder } from "../model/system.ts";
import { useStrings } from "./app-context.ts";
import { Icon } from "./icons.tsx";

type Props = { chat: Chat; onJump: (seq: number) => void };

/** A pinned message in one line, the newest first; a click goes to it, and the bar on to the next older one. */
export function PinBar({ chat, onJump }: Props): VNode | null {
  const strings = useStrings();
  const pins = chat.pins.value;
  const [passed, setPassed] = useState(0);
  const index = pins.length - 1 - (passed % Math.max(1, pins.length));
  const seq = pins[index];
  const online = chat.context.connected.value;
  const [message, setMessage] = useState<Message>();
  useEffect(() => {
    if (seq === undefined) return;
    // Not there or not to be seen: then the bar stays away.
    chat.context.client.body(chat.id, seq).then(setMessage, () => setMessage(undefined));
  }, [chat, seq, online]);
  if (seq === undefined || message === undefined) return null;
  const go = (): void => {
    onJump(message.seq);
    setPassed(passed + 1);
  };
  return (
    <button type="button" class="pin-bar" title={strings.jumpToPinned} onClick={go}>
      <Icon name="pin" />
      <span class="one-line" dir="auto">
        <span class="hidden">{strings.pinned}: </span>
        {placeholder(message, strings) ?? message.body?.slice(0, 200)}
      </span>
      {pins.length > 1 && (
        <small>
          {pins.length - index}/{pins.length}
        </small>
      )}
    </button>
  );
}
