import type { Message } from "@damso/sdk";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { placeholder } from "../model/system.ts";
import { useStrings } from "./app-context.ts";
import { Icon } from "./icons.tsx";
import { excerpt } from "./quote.tsx";

type Props = { chat: Chat; onJump: (seq: number) => void };

/** A pinned message in one line, the newest first; a click goes to it, and the bar on to the next older one. */
export function PinBar({ chat, onJump }: Props): VNode | null {
  const strings = useStrings();
  const pins = chat.pins.value;
  const [passed, setPassed] = useState(0);
  const index = pins.length - 1 - (passed % Math.max(1, pins.length));
  const seq = pins[index];
  const online = chat.context.connected.value;
  const [message, setMessage] = useState<Message | "none">();
  useEffect(() => {
    if (seq === undefined) return;
    chat.context.client.body(chat.id, seq).then(setMessage, () => setMessage("none"));
  }, [chat, seq, online]);
  // Not there or not to be seen: then the bar stays away. Until that is known it has its place, and moves nothing later.
  if (seq === undefined || message === "none") return null;
  const go = (): void => {
    onJump(seq);
    setPassed(passed + 1);
  };
  return (
    <button type="button" class="pin-bar" title={strings.jumpToPinned} onClick={go}>
      <Icon name="pin" />
      <span class="one-line" dir="auto">
        <span class="hidden">{strings.pinned}: </span>
        {message && excerpt(message, placeholder(message, strings))}
      </span>
      {pins.length > 1 && (
        <small>
          {pins.length - index}/{pins.length}
        </small>
      )}
    </button>
  );
}
