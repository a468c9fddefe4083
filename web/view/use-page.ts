/** What the page as a whole does: its address, its title, and whether somebody looks at it. */
import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { Home } from "../model/home.ts";
import { isOver, setPage, settle } from "./use-back.ts";
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
      const address = location.pathname + location.search;
      if (id === "") history.replaceState(null, "", address);
      // What lay over the page and led here is not worth a step back.
      else if (isOver()) history.replaceState(null, "", `${address}#${id}`);
      else history.pushState(null, "", `${address}#${id}`);
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
