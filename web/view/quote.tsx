import type { Message } from "@damso/sdk";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { placeholder } from "../model/system.ts";
import { useStrings } from "./app-context.ts";

type Props = { chat: Chat; seq: number; onJump: (seq: number) => void };

/** What a reply answers; from the loaded stretch, else asked for. A click goes there. */
export function Quote({ chat, seq, onJump }: Props): VNode {
  const strings = useStrings();
  const { page, find } = chat.timeline;
  const here = page.value.messages.find((message) => message.seq === seq) ?? find(seq);
  const [far, setFar] = useState<Message>();
  const known = here !== undefined;
  const online = chat.context.connected.value;
  useEffect(() => {
    if (known) return;
    // Gone, or from before this member joined: the quote says that it is not available. Or not to be had now.
    chat.context.client.body(chat.id, seq).then(setFar, () => setFar(undefined));
  }, [chat, seq, known, online]);
  const message = here ?? far;
  return (
    <button type="button" class="quote" tabIndex={-1} onClick={() => onJump(seq)}>
      {message && <b>{nameOf(chat, message, strings.you)}</b>}
      <span class="one-line" dir="auto">
        {message ? excerpt(message, placeholder(message, strings)) : strings.unavailable}
      </span>
    </button>
  );
}

export function nameOf(chat: Chat, message: Message, you: string): string {
  const { client, people } = chat.context;
  return message.sender_id === client.user_id ? you : people.nameOf(message.sender_id);
}

export function excerpt(message: Message, instead: string | undefined): string {
  return instead ?? (message.body ?? "").slice(0, 200);
}
