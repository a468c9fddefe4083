/** The connection in words. */
import type { Client, ConnectionState } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { computed, effect, signal } from "@preact/signals";
import type { Context } from "./context.ts";
import type { Strings } from "./strings/strings.ts";

/** Longer than the client asks a silent connection whether it is there. */
const DOUBT_MS = 12_000;

/** `action`: what the button of the bar does. `slow`: not worth a word when it is over at once. */
export type Bar = { text: string; slow?: true; action?: "restart" };

type Connection = {
  state: ReadonlySignal<ConnectionState>;
  stop: () => void;
};

/**
 * The client's state, and what the browser says of the network before the client can know: a connection that seems to
 * be there counts as offline until the client has had the time to find out.
 */
export function createConnection(
  client: Client,
  { live, later }: Pick<Context, "live" | "later">,
  { network }: { network: ReadonlySignal<boolean> },
): Connection {
  const doubted = signal(false);
  const stop = effect(() => {
    doubted.value = !network.value;
    if (network.value) return undefined;
    return later(DOUBT_MS, () => {
      doubted.value = false;
    });
  });
  const state = computed((): ConnectionState => {
    live.follow("state");
    const known = client.state();
    return known.name === "online" && doubted.value ? { name: "offline" } : known;
  });
  return { state, stop };
}

/** The slim bar above the chats; undefined when there is nothing to say. */
export function barOf(
  state: ConnectionState,
  strings: Strings,
  restarting: boolean,
): Bar | undefined {
  switch (state.name) {
    case "online":
    case "stopped":
      return undefined;
    case "connecting":
      return { text: restarting ? strings.shell.restarting : strings.connecting, slow: true };
    case "waiting":
      return { text: restarting ? strings.shell.restarting : strings.waitingBar, slow: true };
    case "offline":
      return { text: strings.offlineBar };
    case "closed":
      return state.reason === "replaced"
        ? { text: strings.replacedBar, action: "restart" }
        : { text: strings.endedBar };
  }
}
