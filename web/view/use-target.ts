/** Goes to the message that somebody came for, once the chat has its messages. */
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { jumpTo } from "./jump.ts";
import { target } from "./target.ts";

export function useTarget(chat: Chat, scroller: RefObject<HTMLElement | null>): void {
  const { value } = target;
  const ready = chat.timeline.state.value === "ready";
  useEffect(() => {
    if (!ready || value?.channel !== chat.id) return;
    target.value = undefined;
    void jumpTo(chat, scroller.current, value.seq, false);
  }, [ready, value, chat]);
}
