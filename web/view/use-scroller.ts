/** The scroller of a chat: keeps its place, loads at both ends, and notices what is being read. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { messageAt } from "./row-at.ts";
import { slide } from "./slide.ts";
import { watchAttention } from "./use-page.ts";

type Options = {
  chat: Chat;
  scroller: RefObject<HTMLDivElement | null>;
  /** All that is scrolled. */
  stretch: RefObject<HTMLDivElement | null>;
  list: RefObject<HTMLOListElement | null>;
  pane: boolean;
};

/** Closer than this to the newest message counts as being there. */
const NEAR_PX = 60;
const LOAD_AHEAD_PX = 1200;
/** Longer than anything slides: rows that are put above it meanwhile would count as moved. */
const BREATH_MS = 180;

/** True while the newest message is out of sight. */
export function useScroller({ chat, scroller, stretch, list, pane }: Options): boolean {
  const [away, setAway] = useState(false);
  useSeen(chat, scroller, list, pane);
  const items = chat.timeline.items.value;
  const { more_after } = chat.timeline.page.value;
  useAnchor({ scroller, stretch, list }, more_after);
  useOpening(chat, scroller);
  useOwnSends(chat, scroller);
  useEnds(chat, scroller);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const look = (): void => {
      const atEnd = !more_after && box.scrollTop >= -NEAR_PX;
      setAway(!atEnd);
      if (atEnd) chat.trail.forget();
      const row = list.current && messageAt(list.current, box, box.clientHeight / 2);
      if (atEnd || row) chat.timeline.follow(atEnd ? "end" : Number(row?.dataset["seq"]));
    };
    look();
    box.addEventListener("scroll", look, { passive: true });
    return () => box.removeEventListener("scroll", look);
  }, [more_after, items.length]);
  return away;
}

/** Opens where the unread messages begin, when they do not all fit. */
function useOpening(chat: Chat, scroller: RefObject<HTMLElement | null>): void {
  const drawn = chat.timeline.items.value.length > 0;
  useLayoutEffect(() => {
    const box = scroller.current;
    const line = box?.querySelector("[data-unread]");
    if (!box || !line) return;
    if (line.getBoundingClientRect().top < box.getBoundingClientRect().top) {
      line.scrollIntoView({ block: "start" });
    }
  }, [drawn]);
}

/**
 * The position is counted from the bottom, so a message that comes in while one reads further up would push the text
 * away; so would the rows that are let go below. The topmost message in sight is remembered with every scroll and every
 * drawing, and put back after the next drawing. Whoever is at the end sees the rows make way.
 */
function useAnchor(
  { scroller, stretch, list }: Pick<Options, "scroller" | "stretch" | "list">,
  more_after: boolean,
): void {
  const grewBelow = useRef(more_after);
  const anchor = useRef<{ element: Element; place: number; last: Element | null }>(undefined);
  /** How far above the end of all that is drawn, whatever the scroller shows of it and however it moves. */
  const placeOf = (element: Element): number =>
    (stretch.current?.getBoundingClientRect().bottom ?? 0) - element.getBoundingClientRect().bottom;
  const remember = (): void => {
    const box = scroller.current;
    const rows = list.current;
    const element = box && rows ? messageAt(rows, box, 0) : undefined;
    anchor.current =
      rows && element
        ? { element, place: placeOf(element), last: rows.lastElementChild }
        : undefined;
  };
  useLayoutEffect(() => {
    const box = scroller.current;
    const kept = anchor.current;
    // At the very end new messages are to be seen; at the end of what is loaded of the past they are not.
    const stays = (box?.scrollTop ?? 0) < -NEAR_PX || grewBelow.current;
    grewBelow.current = more_after;
    if (box && kept?.element.isConnected === true) {
      const grown = placeOf(kept.element) - kept.place;
      if (stays && grown !== 0) box.scrollTop -= grown;
      else if (kept.last !== list.current?.lastElementChild) makeWay(stretch.current, box, grown);
    }
    remember();
  });
  useEffect(() => {
    const box = scroller.current;
    box?.addEventListener("scroll", remember, { passive: true });
    return () => box?.removeEventListener("scroll", remember);
  }, []);
}

/** What has just come in below is not there at once: the rest goes up from where it is, in the middle of it or not. */
function makeWay(stretch: HTMLElement | null, box: HTMLElement, up_px: number): void {
  if (!stretch || up_px <= 0) return;
  const end = box.getBoundingClientRect().bottom - box.scrollTop;
  const left = stretch.getBoundingClientRect().bottom - end;
  slide(stretch, `0 ${Math.min(left + up_px, box.clientHeight)}px`);
}

/** Which messages are in sight; the newest of them has been read while somebody looks. */
function useSeen(
  chat: Chat,
  scroller: RefObject<HTMLElement | null>,
  list: RefObject<HTMLElement | null>,
  pane: boolean,
): void {
  const seen = useRef(new Set<Element>()).current;
  const attentive = useRef(false);
  const observer = useRef<IntersectionObserver | undefined>(undefined);
  const read = (): void => {
    if (!attentive.current || chat.timeline.state.peek() !== "ready") return;
    const here = [...seen].filter((row) => isWithin(row, scroller.current));
    const newest = Math.max(0, ...here.map((row) => Number((row as HTMLElement).dataset["seq"])));
    if (newest > 0) chat.saw(newest);
  };
  useEffect(() => {
    observer.current = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          if (isIntersecting) seen.add(target);
          else seen.delete(target);
        }
        read();
      },
      { root: scroller.current },
    );
    const stop = watchAttention(pane, (now) => {
      attentive.current = now;
      read();
    });
    return () => {
      stop();
      observer.current?.disconnect();
    };
  }, [chat, pane]);
  const items = chat.timeline.items.value;
  const state = chat.timeline.state.value;
  useEffect(() => {
    for (const row of list.current?.querySelectorAll("[data-seq]") ?? []) {
      observer.current?.observe(row);
    }
    // What came into sight while the chat was loading has waited for this.
    read();
  }, [items, state, chat]);
}

/** The observer is told late: what it last saw may have been scrolled away or taken out since. */
function isWithin(row: Element, box: HTMLElement | null): boolean {
  if (box === null || !row.isConnected) return false;
  const [inner, outer] = [row.getBoundingClientRect(), box.getBoundingClientRect()];
  return inner.bottom > outer.top && inner.top < outer.bottom;
}

/** Loads more while an end of the loaded stretch is in sight or near. */
function useEnds(chat: Chat, scroller: RefObject<HTMLElement | null>): void {
  const { timeline } = chat;
  const { messages } = timeline.page.value;
  const ready = timeline.state.value === "ready";
  const online = chat.context.connected.value;
  useEffect(() => {
    const box = scroller.current;
    if (!box || !ready) return;
    const observer = new IntersectionObserver(
      (entries) => {
        for (const { isIntersecting, target } of entries) {
          if (!isIntersecting) continue;
          const older = (target as HTMLElement).dataset["end"] === "older";
          void (older ? timeline.loadOlder() : timeline.loadNewer());
        }
      },
      { root: box, rootMargin: `${LOAD_AHEAD_PX}px 0px` },
    );
    // Made anew after each step, and with a new connection: an end that is still in sight then asks for the next. What
    // was drawn last is shown before that, and keys and fingers have their turn.
    const timer = setTimeout(() => {
      for (const end of box.querySelectorAll("[data-end]")) observer.observe(end);
    }, BREATH_MS);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [timeline, ready, online, messages[0]?.seq, messages.at(-1)?.seq]);
}

/** What I have just written is in sight, also when older messages were being looked at. */
function useOwnSends(chat: Chat, scroller: RefObject<HTMLElement | null>): void {
  const written = chat.written.value;
  const { more_after } = chat.timeline.page.value;
  const shown = useRef(written);
  useLayoutEffect(() => {
    if (written === shown.current || !scroller.current) return;
    scroller.current.scrollTop = 0;
    if (!more_after) shown.current = written;
  }, [written, more_after]);
}
