import type { ChannelId, Message } from "@damso/sdk";
import { signal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { forward } from "../model/forward.ts";
import { findChats } from "../model/switcher.ts";
import { useHome, useStrings } from "./app-context.ts";
import { Avatar } from "./avatar.tsx";
import { Dialog } from "./dialog.tsx";
import { Toast } from "./parts/states.tsx";
import { usePanel } from "./parts/use-panel.ts";
import { excerpt } from "./quote.tsx";
import { placeholder } from "../model/system.ts";

type Props = { chat: Chat; messages: readonly Message[]; onClose: () => void };

/** Chooses the chats that messages are passed on to. */
export function Forward({ chat, messages, onClose }: Props): VNode {
  const strings = useStrings();
  const { rows } = useHome();
  const { report, notice } = usePanel();
  const [busy] = useState(() => signal(false));
  const isHere = useRef(true);
  useEffect(() => () => void (isHere.current = false), []);
  const [typed, setTyped] = useState("");
  const [chosen, setChosen] = useState<readonly ChannelId[]>([]);
  const [only] = messages;
  const toggle = (id: ChannelId): void =>
    setChosen(chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id]);
  async function send(): Promise<void> {
    // A second press comes before the button is drawn as one that cannot be pressed.
    if (busy.peek()) return;
    busy.value = true;
    const done = await forward(chat.context, report, messages, chosen);
    busy.value = false;
    if (!done) return;
    chat.selection.clear();
    // Whoever has closed it meanwhile may have opened something else.
    if (isHere.current) onClose();
  }
  return (
    <Dialog title={strings.talk.forwardTo} onClose={onClose}>
      <p class="quote">
        <span class="one-line" dir="auto">
          {messages.length === 1 && only
            ? excerpt(only, placeholder(only, strings))
            : strings.talk.selected(messages.length)}
        </span>
      </p>
      <input
        class="search-field"
        type="text"
        role="searchbox"
        data-first
        autocomplete="off"
        placeholder={strings.talk.switcherHint}
        aria-label={strings.talk.switcherHint}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <ul class="picks">
        {findChats(rows.value, typed).map((row) => (
          <li key={row.id}>
            <label class="person">
              <input
                type="checkbox"
                checked={chosen.includes(row.id)}
                onChange={() => toggle(row.id)}
              />
              <Avatar id={row.face} name={row.name} group={row.group} small />
              <span class="person-name">{row.name}</span>
            </label>
          </li>
        ))}
      </ul>
      <button
        type="button"
        class="button primary wide"
        disabled={chosen.length === 0 || busy.value}
        onClick={() => void send()}
      >
        {strings.talk.forwardSend(chosen.length)}
      </button>
      <Toast text={notice} />
    </Dialog>
  );
}
