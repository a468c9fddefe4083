import type { Message } from "@damso/sdk";
import type { VNode } from "preact";
import type { Chat } from "../model/chat.ts";
import { useStrings } from "./app-context.ts";

const NAMED_MAX = 8;

export function Reactions({ chat, message }: { chat: Chat; message: Message }): VNode | null {
  const strings = useStrings();
  const { client, people } = chat.context;
  const reactions = Object.entries(message.reactions ?? {}).filter(([, users]) => users.length > 0);
  if (reactions.length === 0) return null;
  return (
    <div class="reactions">
      {reactions.map(([emoji, users]) => {
        const names = users
          .slice(0, NAMED_MAX)
          .map((user) => (user === client.user_id ? strings.you : people.nameOf(user)));
        const words = strings.reactedBy(emoji, names.join(", "));
        return (
          <button
            type="button"
            key={emoji}
            aria-pressed={users.includes(client.user_id)}
            aria-label={words}
            title={words}
            onClick={() => chat.react(message, emoji)}
          >
            <span class="emoji">{emoji}</span> {users.length > 1 && users.length}
          </button>
        );
      })}
    </div>
  );
}
