/** The rows of the list of chats. All have the same height, so of a long list only those in sight are drawn. */
import type { ComponentProps, RefObject, VNode } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Row } from "../model/chat-list.ts";
import type { Home } from "../model/home.ts";
import { useStrings } from "./app-context.ts";
import { ChatRow } from "./chat-row.tsx";
import { lazily } from "./lazy.tsx";
import type { MenuPlace } from "./menu.tsx";
import { slide } from "./slide.ts";

const RowMenu = lazily(() => import("./overlays.ts").then((m) => m.RowMenu));

/** Lists up to this long are drawn whole; of a longer one, about a screen until its height is known. */
const WHOLE_MAX = 40;
const FIRST_ROWS = 24;
/** Rows drawn beyond both edges. */
const BEYOND = 8;

type Range = { first: number; end: number };

export function ChatRows({ home }: { home: Home }): VNode {
  const strings = useStrings();
  const list = useRef<HTMLUListElement>(null);
  const rows = home.rows.value;
  const open = home.chat.value?.id;
  const range = useRange(list, rows.length);
  useMoves(list, rows);
  const [menu, setMenu] = useState<{ row: Row; place: MenuPlace }>();
  const here = rows.findIndex(({ id }) => id === open);
  // Where that is not drawn, the nearest one that is.
  const stop = Math.max(range.first, Math.min(here, range.end - 1));
  return (
    <>
      <ul
        class="rows"
        id="chats"
        ref={list}
        aria-label={strings.chats}
        onKeyDown={(event) => walk(event, list.current, rows.length)}
      >
        <Gap rows={range.first} />
        {rows.slice(range.first, range.end).map((row, index) => (
          <li key={row.id} aria-setsize={rows.length} aria-posinset={range.first + index + 1}>
            <KeptRow
              row={row}
              open={row.id === open}
              index={range.first + index}
              focusable={range.first + index === stop}
              onOpen={() => home.open(row.id)}
              onMenu={(place) => setMenu({ row, place })}
            />
          </li>
        ))}
        <Gap rows={rows.length - range.end} />
      </ul>
      {menu && (
        <RowMenu {...menu} actions={home.going.actions} onClose={() => setMenu(undefined)} />
      )}
    </>
  );
}

/** What has not changed is not drawn again when something else in the list has. */
function KeptRow(props: ComponentProps<typeof ChatRow>): VNode {
  const { row, open, index, focusable } = props;
  return useMemo(() => <ChatRow {...props} />, [row, open, index, focusable]);
}

/** Stands for rows that are not drawn. */
function Gap({ rows }: { rows: number }): VNode | null {
  if (rows <= 0) return null;
  return <li class="row-gap" role="presentation" style={{ "--rows": rows }} />;
}

function useRange(list: RefObject<HTMLElement | null>, count: number): Range {
  const [range, setRange] = useState<Range>({ first: 0, end: FIRST_ROWS });
  useLayoutEffect(() => {
    const box = list.current;
    if (!box || count <= WHOLE_MAX) return;
    const look = (): void => {
      const height = rowHeight(box);
      const first = Math.max(0, Math.floor(box.scrollTop / height) - BEYOND);
      const end = Math.ceil((box.scrollTop + box.clientHeight) / height) + BEYOND;
      setRange((now) => (now.first === first && now.end === end ? now : { first, end }));
    };
    look();
    box.addEventListener("scroll", look, { passive: true });
    addEventListener("resize", look);
    return () => {
      box.removeEventListener("scroll", look);
      removeEventListener("resize", look);
    };
  }, [count > WHOLE_MAX]);
  return count <= WHOLE_MAX
    ? { first: 0, end: count }
    : { ...range, end: Math.min(range.end, count) };
}

/** A row that somebody has written to goes to its new place, and the others make way. */
function useMoves(list: RefObject<HTMLElement | null>, rows: readonly Row[]): void {
  const places = useRef(new Map<string | undefined, number>());
  useLayoutEffect(() => {
    const before = places.current;
    places.current = new Map(rows.map(({ id }, index) => [id, index]));
    for (const row of list.current?.children ?? []) {
      const place = Number(row.ariaPosInSet) - 1;
      const rest = (before.get(rows[place]?.id) ?? place) - place;
      if (rest !== 0) slide(row, `0 ${rest * 100}%`);
    }
  }, [rows]);
}

function rowHeight(box: HTMLElement): number {
  return box.querySelector("li:not(.row-gap)")?.getBoundingClientRect().height || 72;
}

/** The rows are one stop of the Tab key; arrows walk, Home and End go to the ends. */
function walk(event: KeyboardEvent, list: HTMLElement | null, count: number): void {
  const here = event.target;
  if (!list || !(here instanceof HTMLElement) || here.dataset["row"] === undefined) return;
  const index = Number(here.dataset["row"]);
  const places: Record<string, number> = {
    ArrowUp: index - 1,
    ArrowDown: index + 1,
    Home: 0,
    End: count - 1,
  };
  const place = places[event.key];
  if (place === undefined || event.altKey || place < 0 || place >= count) return;
  event.preventDefault();
  focusRow(list, place);
}

/** A row that is not drawn is scrolled to first. */
function focusRow(list: HTMLElement, index: number): void {
  const row = (): HTMLElement | null => list.querySelector(`[data-row="${index}"]`);
  const drawn = row();
  if (drawn) return drawn.focus();
  list.scrollTop = index * rowHeight(list);
  requestAnimationFrame(() => requestAnimationFrame(() => row()?.focus()));
}
