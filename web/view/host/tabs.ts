/** What tabs of this browser share, as the browser has it. Undefined where it has none, as without https. */
import type { Locks, Tabs } from "../../model/tabs/ports.ts";

export function openTabs(): Tabs | undefined {
  if (!("locks" in navigator) || typeof BroadcastChannel === "undefined") return undefined;
  return { locks, openBus };
}

const modes = { wait: {}, now: { ifAvailable: true }, steal: { steal: true } } as const;

const locks: Locks = {
  request: async (name, how, hold) => {
    await navigator.locks.request(name, modes[how], (lock) => hold(lock !== null));
  },
  held: async () => {
    const { held = [] } = await navigator.locks.query();
    return held.map(({ name = "" }) => name);
  },
};

function openBus(name: string, heard: (message: unknown) => void): ReturnType<Tabs["openBus"]> {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }: MessageEvent) => heard(data);
  return {
    post: (message) => channel.postMessage(message),
    close: () => channel.close(),
  };
}
