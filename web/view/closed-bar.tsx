import type { VNode } from "preact";
import type { Chat } from "../model/chat.ts";
import { useStrings } from "./app-context.ts";

/** Why nothing can be written here, or undefined. */
export function closedBecause({ channel, peer, context }: Chat): "blocked" | "gone" | undefined {
  if (channel.value?.blocked === true) return "blocked";
  return peer !== undefined && context.people.profileOf(peer)?.deleted === true
    ? "gone"
    : undefined;
}

/** Stands in place of the field in a chat with somebody whom one has blocked, or who is gone. */
export function ClosedBar({ chat, why }: { chat: Chat; why: "blocked" | "gone" }): VNode {
  const strings = useStrings();
  const { peer, context, report } = chat;
  if (why === "gone" || peer === undefined)
    return <footer class="blocked-bar">{strings.accountGone}</footer>;
  return (
    <footer class="blocked-bar">
      <span>{strings.youBlocked(context.people.nameOf(peer))}</span>
      <button
        type="button"
        class="button"
        onClick={() => void report(context.client.blocks.remove(peer))}
      >
        {strings.unblock}
      </button>
    </footer>
  );
}
