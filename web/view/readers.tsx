import type { Message } from "@damso/sdk";
import type { VNode } from "preact";
import type { Chat } from "../model/chat.ts";
import { readersOf } from "../model/readers.ts";
import { useStrings } from "./app-context.ts";
import { Avatar } from "./avatar.tsx";
import { Dialog } from "./dialog.tsx";

const STAGES = ["read", "delivered", "waiting"] as const;

type Props = { chat: Chat; message: Message; onClose: () => void };

/** Who has read a message of a group, and who has not yet. */
export function Readers({ chat, message, onClose }: Props): VNode {
  const { talk, you } = useStrings();
  const { people, client } = chat.context;
  const readers = readersOf(chat.context, message);
  return (
    <Dialog title={talk.readByTitle} onClose={onClose}>
      {STAGES.filter((stage) => readers[stage].length > 0).map((stage) => (
        <section key={stage}>
          <h3>
            {talk.receipts[stage]} · {readers[stage].length}
          </h3>
          <ul>
            {readers[stage].map((user_id) => (
              <li key={user_id} class="person">
                <Avatar id={user_id} name={people.nameOf(user_id)} small />
                <span class="person-name">
                  {user_id === client.user_id ? you : people.nameOf(user_id)}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}
