/** A message that somebody came for by its address, `#channel/seq`, as notifications name it. */
import type { Signal } from "@preact/signals";
import { signal } from "@preact/signals";

type Target = { channel: string; seq: number };

/** What is still to be gone to. */
export const target: Signal<Target | undefined> = signal<Target | undefined>(undefined);

/** The channel that an address names; a message in it is gone to when its chat is there. */
export function channelIn(address: string): string {
  const [channel = "", seq] = address.split("/");
  if (seq !== undefined && /^[1-9]\d{0,15}$/.test(seq))
    target.value = { channel, seq: Number(seq) };
  return channel;
}
