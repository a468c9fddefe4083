/** The connection in words. */
import type { ConnectionState } from "@damso/sdk";
import type { Strings } from "./strings/strings.ts";

/** `action`: what the button of the bar does. */
export type Bar = { text: string; action?: "restart" };

/** The slim bar above the chats; undefined when there is nothing to say. */
export function barOf(state: ConnectionState, strings: Strings): Bar | undefined {
  switch (state.name) {
    case "online":
    case "stopped":
      return undefined;
    case "connecting":
      return { text: strings.connecting };
    case "waiting":
      return { text: strings.waitingBar };
    case "offline":
      return { text: strings.offlineBar };
    case "closed":
      return state.reason === "replaced"
        ? { text: strings.replacedBar, action: "restart" }
        : { text: strings.endedBar };
  }
}
