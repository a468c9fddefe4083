import type { VNode } from "preact";
import { useId, useState } from "preact/hooks";
import type { Row } from "../model/chat-list.ts";
import type { Home } from "../model/home.ts";
import { findChats, inOrderOfNeed } from "../model/switcher.ts";
import { useStrings } from "./app-context.ts";
import { Avatar } from "./avatar.tsx";
import { isComposed } from "./composing.ts";
import { Dialog } from "./dialog.tsx";

/** Goes to a chat by the beginning of its name; the focus stays in the field. */
export function Switcher({ home, onClose }: { home: Home; onClose: () => void }): VNode {
  const { talk } = useStrings();
  const id = useId();
  const [typed, setTyped] = useState("");
  const [place, setPlace] = useState(0);
  const rows = findChats(inOrderOfNeed(home.rows.value, home.chat.value?.id), typed);
  const active = Math.min(place, rows.length - 1);
  const go = (index: number): void => {
    const row = rows[index];
    if (!row) return;
    onClose();
    home.open(row.id);
  };
  const onKey = (event: KeyboardEvent): void => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (isComposed(event)) return;
    if (step !== undefined && rows.length > 0)
      setPlace((active + step + rows.length) % rows.length);
    else if (event.key === "Enter") go(active);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title={talk.switcher} onClose={onClose}>
      <input
        class="search-field"
        type="text"
        data-first
        role="combobox"
        autocomplete="off"
        placeholder={talk.switcherHint}
        aria-label={talk.switcherHint}
        aria-expanded="true"
        aria-controls={id}
        aria-activedescendant={active >= 0 ? `${id}-${active}` : undefined}
        onInput={(event) => {
          setTyped(event.currentTarget.value);
          setPlace(0);
        }}
        onKeyDown={onKey}
      />
      <ul class="picks" role="listbox" id={id} aria-label={talk.switcher}>
        {rows.map((row, index) => (
          <Option
            key={row.id}
            id={`${id}-${index}`}
            row={row}
            active={index === active}
            onPick={() => go(index)}
          />
        ))}
      </ul>
      <p class="hint" role="status">
        {rows.length === 0 && talk.searchNone}
      </p>
    </Dialog>
  );
}

type OptionProps = { id: string; row: Row; active: boolean; onPick: () => void };

function Option({ id, row, active, onPick }: OptionProps): VNode {
  const { unread } = useStrings();
  return (
    <li
      id={id}
      role="option"
      class="person"
      aria-selected={active}
      ref={(element) => {
        if (active) element?.scrollIntoView({ block: "nearest" });
      }}
      onClick={onPick}
    >
      <Avatar id={row.face} name={row.name} group={row.group} online={row.online} small />
      <span class="person-name one-line">{row.name}</span>
      {row.unread > 0 && (
        <span class={`badge${row.muted ? " grey" : ""}`}>
          <span aria-hidden="true">{row.unread}</span>
          <span class="hidden">{unread(row.unread)}</span>
        </span>
      )}
    </li>
  );
}
