/** A message that somebody came for by its address, `#channel/seq`, as notifications name it. */
import { signal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { jumpTo } from "./jump.ts";

type Target = { channel: string; seq: number };

const target = signal<Target | undefined>(undefined);

/** The channel that an address names; a message in it is gone to when its chat is there. */
export function channelIn(address: string): string {
  const [channel = "", seq] = address.split("/");
  if (seq !== undefined && /^[1-9]\d{0,15}$/.test(seq))
    target.value = { channel, seq: Number(seq) };
  return channel;
}

/** Goes there once the chat has its messages. */
export function useTarget(chat: Chat, scroller: RefObject<HTMLElement | null>): void {
  const { value } = target;
  const ready = chat.timeline.state.value === "ready";
  useEffect(() => {
    if (!ready || value?.channel !== chat.id) return;
    target.value = undefined;
    void jumpTo(chat, scroller.current, value.seq, false);
  }, [ready, value, chat]);
}
