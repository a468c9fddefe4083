import type { UserId } from "@damso/sdk";
import type { VNode } from "preact";
import type { Chat } from "../model/chat.ts";
import type { Message } from "@damso/sdk";
import { systemText } from "../model/system.ts";
import { useStrings } from "./app-context.ts";

export function SystemLine({ chat, message }: { chat: Chat; message: Message }): VNode {
  const strings = useStrings();
  const { client, people } = chat.context;
  const called = (user_id: UserId): string =>
    user_id === client.user_id ? strings.you : people.nameOf(user_id);
  return (
    <li class="system" data-seq={message.seq} data-at={message.created_at}>
      <span>{systemText(message, called, strings)}</span>
    </li>
  );
}
