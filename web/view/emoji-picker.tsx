import type { RefObject, VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Context } from "../model/context.ts";
import type { Emoji } from "../model/emoji.ts";
import { findEmoji, inGroups, recentEmoji } from "../model/emoji.ts";
import { useLanguage, useStrings } from "./app-context.ts";
import { isComposed } from "./composing.ts";
import { Dialog } from "./dialog.tsx";
import type { Anchor } from "./popover.tsx";
import { Popover } from "./popover.tsx";

type Props = {
  context: Context;
  title: string;
  anchor: Anchor;
  onPick: (emoji: string) => void;
  onClose: () => void;
};

/** With a mouse it hangs on its button; under a finger it is a sheet. */
const byMouse = matchMedia("(pointer: fine)");

/** Every emoji, by group or by name. The names are the server's own file, loaded once. */
export function EmojiPicker(props: Props): VNode {
  const { title, anchor, onClose } = props;
  const [hangs] = useState(byMouse.matches);
  return hangs ? (
    <Popover title={title} anchor={anchor} onClose={onClose}>
      <EmojiSearch {...props} />
    </Popover>
  ) : (
    <Dialog kind="sheet" title={title} onClose={onClose}>
      <EmojiSearch {...props} />
    </Dialog>
  );
}

function EmojiSearch({ context, onPick }: Props): VNode {
  const strings = useStrings();
  const { talk } = strings;
  const all = useEmoji(context);
  const [typed, setTyped] = useState("");
  const [recent] = useState(() => recentEmoji(context.keep));
  const list = useRef<HTMLDivElement>(null);
  const groups = useMemo(() => (all ? inGroups(all) : []), [all]);
  const found = typed.trim() === "" ? undefined : findEmoji(all ?? [], typed);
  const pick = (emoji: string): void => {
    list.current?.closest("dialog")?.close();
    list.current?.closest<HTMLElement>("[popover]")?.hidePopover();
    onPick(emoji);
  };
  return (
    <>
      <input
        class="search-field"
        type="text"
        role="searchbox"
        data-first
        autocomplete="off"
        placeholder={talk.emojiSearch}
        aria-label={talk.emojiSearch}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => fromField(event, list)}
      />
      <div class="emoji-list" ref={list} onKeyDown={(event) => walk(event, list.current)}>
        {found ? (
          <Grid emoji={found} onPick={pick} />
        ) : (
          <>
            {recent.length > 0 && <Grid emoji={named(recent, all ?? [])} onPick={pick} />}
            {groups.map(({ group, emoji }) => (
              <section key={group} aria-label={talk.emojiGroups[group]}>
                <h3>{talk.emojiGroups[group]}</h3>
                <Grid emoji={emoji} onPick={pick} />
              </section>
            ))}
          </>
        )}
        <p class="hint" role="status">
          {found?.length === 0 && talk.emojiNone}
        </p>
      </div>
    </>
  );
}

function Grid({
  emoji,
  onPick,
}: {
  emoji: readonly Emoji[];
  onPick: (emoji: string) => void;
}): VNode {
  return (
    <div class="emoji-grid">
      {emoji.map(([each, name]) => (
        <button
          type="button"
          key={each}
          class="emoji"
          tabIndex={-1}
          aria-label={name}
          title={name}
          onClick={() => onPick(each)}
        >
          {each}
        </button>
      ))}
    </div>
  );
}

function useEmoji({ api }: Context): readonly Emoji[] | undefined {
  const language = useLanguage();
  const [all, setAll] = useState<readonly Emoji[]>();
  useEffect(() => {
    // Without them the search finds nothing, and the next opening asks again.
    api.ask<Emoji[]>("GET", `/emoji-${language}.json`).then(setAll, () => setAll([]));
  }, [language]);
  return all;
}

function named(recent: readonly string[], all: readonly Emoji[]): Emoji[] {
  return recent.map((each) => all.find(([emoji]) => emoji === each) ?? [each, each, "", 0]);
}

function fromField(event: KeyboardEvent, list: RefObject<HTMLElement | null>): void {
  const [first] = list.current?.getElementsByTagName("button") ?? [];
  if (isComposed(event) || !first) return;
  if (event.key === "ArrowDown") first.focus();
  else if (event.key === "Enter") first.click();
  else return;
  event.preventDefault();
}

/** Arrows walk over the emoji: to the side, and to the nearest one of the row above or below. */
function walk(event: KeyboardEvent, list: HTMLElement | null): void {
  const here = event.target;
  if (!(here instanceof HTMLButtonElement) || !list) return;
  const buttons = [...list.getElementsByTagName("button")];
  const index = buttons.indexOf(here);
  const row = buttons.filter((each) => each.offsetTop === here.offsetTop).length;
  const steps: Record<string, number> = {
    ArrowRight: 1,
    ArrowLeft: -1,
    ArrowDown: row,
    ArrowUp: -row,
  };
  const step = steps[event.key] ?? 0;
  if (step === 0) return;
  event.preventDefault();
  const next = buttons[Math.min(index + step, buttons.length - 1)];
  if (next) next.focus();
  else list.parentElement?.querySelector("input")?.focus();
}
