/** The day of what is in sight, over the messages, while they are being scrolled. */
import type { RefObject, VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import { dayName } from "../model/time.ts";
import { useLocale, useStrings } from "./app-context.ts";
import { nextWith, rowAt } from "./row-at.ts";

const SHOWN_MS = 1200;
/** Where the float hangs, from the upper edge. */
const PLACE_PX = 28;

type Props = {
  chat: Chat;
  scroller: RefObject<HTMLElement | null>;
  list: RefObject<HTMLElement | null>;
};

export function DayFloat({ chat, scroller, list }: Props): VNode {
  const strings = useStrings();
  const locale = useLocale();
  const [at, setAt] = useState("");
  const [shown, setShown] = useState(false);
  useEffect(() => {
    const box = scroller.current;
    let timer = 0;
    const look = (): void => {
      const row = box && list.current ? rowAt(list.current, box, PLACE_PX) : undefined;
      // Where the line of a day stands, it says so itself; other rows carry the time that they were written at.
      const day =
        row?.classList.contains("day") === true ? "" : (nextWith(row, "at")?.dataset["at"] ?? "");
      setAt((before) => day || before);
      setShown(day !== "");
      clearTimeout(timer);
      timer = setTimeout(() => setShown(false), SHOWN_MS);
    };
    box?.addEventListener("scroll", look, { passive: true });
    return () => {
      clearTimeout(timer);
      box?.removeEventListener("scroll", look);
    };
  }, []);
  return (
    <div class={`day day-float${shown ? " shown" : ""}`} aria-hidden="true">
      {at !== "" && <span>{dayName(at, chat.context.now.value, locale, strings)}</span>}
    </div>
  );
}
