/** The scroller of a chat: keeps its place, loads at both ends, and notices what is being read. */
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { watchAttention } from "./use-page.ts";

type Options = {
  chat: Chat;
  scroller: RefObject<HTMLDivElement | null>;
  list: RefObject<HTMLOListElement | null>;
  pane: boolean;
};

/** Closer than this to the newest message counts as being there. */
const NEAR_PX = 60;
const LOAD_AHEAD_PX = 600;

/** True while the newest message is out of sight. */
export function useScroller({ chat, scroller, list, pane }: Options): boolean {
  const [away, setAway] = useState(false);
  const seen = useSeen(chat, scroller, list, pane);
  const items = chat.timeline.items.value;
  const { more_after } = chat.timeline.page.value;
  useOpening(chat, scroller);
  useAnchor(scroller, list, seen);
  useEnds(chat, scroller);
  useOwnSends(chat, scroller);
  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const look = (): void => setAway(more_after || box.scrollTop < -NEAR_PX);
    look();
    box.addEventListener("scroll", look, { passive: true });
    return () => box.removeEventListener("scroll", look);
  }, [more_after, items.length]);
  return away;
}

/** Opens where the unread messages begin, when they do not all fit. */
function useOpening(chat: Chat, scroller: RefObject<HTMLElement | null>): void {
  const ready = chat.timeline.state.value === "ready";
  useLayoutEffect(() => {
    const box = scroller.current;
    const line = ready ? box?.querySelector("[data-unread]") : undefined;
    if (!box || !line) return;
    if (line.getBoundingClientRect().top < box.getBoundingClientRect().top) {
      line.scrollIntoView({ block: "start" });
    }
  }, [ready]);
}

/**
 * The position is counted from the bottom, so a message that comes in while one reads further up would push the text
 * away. What is in sight is remembered with every scroll and every drawing, and put back after the next drawing.
 */
function useAnchor(
  scroller: RefObject<HTMLElement | null>,
  list: RefObject<HTMLElement | null>,
  seen: ReadonlySet<Element>,
): void {
  const anchor = useRef<{ element: Element; offset: number } | undefined>(undefined);
  const offsetOf = (element: Element): number =>
    (scroller.current?.getBoundingClientRect().bottom ?? 0) -
    element.getBoundingClientRect().bottom;
  const remember = (): void => {
    const element = [...seen].find((each) => list.current?.contains(each) === true);
    anchor.current = element && { element, offset: offsetOf(element) };
  };
  useLayoutEffect(() => {
    const box = scroller.current;
    const kept = anchor.current;
    if (box && kept && kept.element.isConnected && box.scrollTop < -NEAR_PX) {
      const moved = offsetOf(kept.element) - kept.offset;
      if (moved !== 0) box.scrollTop -= moved;
    }
    remember();
  });
  useEffect(() => {
    const box = scroller.current;
    box?.addEventListener("scroll", remember, { passive: true });
    return () => box?.removeEventListener("scroll", remember);
  }, []);
}

/** Which messages are in sight; the newest of them has been read while somebody looks. */
function useSeen(
  chat: Chat,
  scroller: RefObject<HTMLElement | null>,
  list: RefObject<HTMLElement | null>,
  pane: boolean,
): ReadonlySet<Element> {
  const seen = useRef(new Set<Element>()).current;
  const observer = useRef<IntersectionObserver | undefined>(undefined);
  useEffect(() => {
    let attentive = false;
    const read = (): void => {
      if (!attentive || chat.timeline.state.peek() !== "ready") return;
      const seqs = [...seen].map((element) => Number((element as HTMLElement).dataset["seq"]));
      const newest = Math.max(0, ...seqs);
      if (newest > 0) chat.saw(newest);
    };
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
      attentive = now;
      read();
    });
    return () => {
      stop();
      observer.current?.disconnect();
    };
  }, [chat, pane]);
  const items = chat.timeline.items.value;
  useEffect(() => {
    for (const row of list.current?.querySelectorAll("[data-seq]") ?? [])
      observer.current?.observe(row);
  }, [items, chat]);
  return seen;
}

/** Loads more while an end of the loaded stretch is in sight or near. */
function useEnds(chat: Chat, scroller: RefObject<HTMLElement | null>): void {
  const { timeline } = chat;
  const items = timeline.items.value;
  const ready = timeline.state.value === "ready";
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
    // Made anew after each page: an end that is still in sight then asks for the next.
    for (const end of box.querySelectorAll("[data-end]")) observer.observe(end);
    return () => observer.disconnect();
  }, [timeline, ready, items.length]);
}

/** What I have just written is in sight. */
function useOwnSends(chat: Chat, scroller: RefObject<HTMLElement | null>): void {
  const newest = chat.timeline.items.value.at(-1);
  const sending =
    newest?.kind === "bubble" && newest.bubble.source.kind === "pending" ? newest.key : undefined;
  useLayoutEffect(() => {
    if (sending !== undefined && scroller.current) scroller.current.scrollTop = 0;
  }, [sending]);
}
