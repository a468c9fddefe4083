/** What the page as a whole does: its address, its title, and whether somebody looks at it. */
import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Home } from "../model/home.ts";
import { isOver, leave, setPage, settle } from "./use-back.ts";
import { channelIn } from "./target.ts";

/** The open chat stands in the address, so that a reload and the back button know it. */
export function useRoute(home: Home, on: boolean): void {
  useEffect(() => {
    if (!on) return;
    const follow = (): void => {
      const wanted = channelIn(location.hash.slice(1));
      if (wanted === "") home.close();
      else home.open(wanted);
    };
    let routed = false;
    const show = (): void => {
      const id = home.chat.peek()?.id ?? "";
      if (!routed || location.hash.slice(1) === id) return;
      const { pathname, search, hash } = location;
      if (id === "") {
        // The list is there already, one step below: another one above it would be a step back that shows nothing.
        if (isFromList()) leave();
        else history.replaceState(null, "", pathname + search);
        return;
      }
      const entry = [{ list: hash === "" }, "", `${pathname + search}#${id}`] as const;
      // What lay over the page and led here is not worth a step back.
      if (isOver()) history.replaceState(...entry);
      else history.pushState(...entry);
    };
    setPage({ follow, show });
    const stop = effect(() => {
      if (!home.loaded.value) return;
      if (!routed) {
        routed = true;
        if (location.hash !== "") follow();
      }
      if ((home.chat.value?.id ?? "") !== location.hash.slice(1)) settle();
    });
    return () => {
      stop();
      setPage(undefined);
    };
  }, [home, on]);
}

/** Whether the entry of the open chat was put above one of the list. */
function isFromList(): boolean {
  return (history.state as { list?: boolean } | null)?.list === true;
}

export function useTitle(home: Home): void {
  const unread = home.unread.value;
  useEffect(() => {
    document.title = unread > 0 ? `(${unread}) Damso` : "Damso";
    // Whoever has left has nothing unread.
    return () => void (document.title = "Damso");
  }, [unread]);
}

/** Tells the server whether the app is in the foreground. The panes of the demo are looked at together. */
export function useAttention(home: Home, pane: boolean): void {
  useEffect(() => watchAttention(pane, (attentive) => home.setActive(attentive)), [home, pane]);
}

/** Whether somebody looks, now and whenever it changes; the answer ends it. */
export function watchAttention(pane: boolean, tell: (attentive: boolean) => void): () => void {
  const look = (): void => {
    tell(document.visibilityState === "visible" && (pane || document.hasFocus()));
  };
  look();
  addEventListener("focus", look);
  addEventListener("blur", look);
  document.addEventListener("visibilitychange", look);
  return () => {
    removeEventListener("focus", look);
    removeEventListener("blur", look);
    document.removeEventListener("visibilitychange", look);
  };
}
