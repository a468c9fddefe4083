/** What lies over the whole page to get somewhere quickly, and the keys that open it. */
import type { VNode } from "preact";
import { useEffect } from "preact/hooks";
import type { Home } from "../model/home.ts";
import type { KeyAction } from "../model/keys.ts";
import { lazily } from "./lazy.tsx";

const Switcher = lazily(() => import("./overlays.ts").then((m) => m.Switcher));
const SearchPanel = lazily(() => import("./overlays.ts").then((m) => m.SearchPanel));

export function Panels({ home }: { home: Home }): VNode | null {
  const { panel } = home.going;
  useKeys(home);
  const close = (): void => {
    panel.value = undefined;
  };
  if (panel.value === "switcher") return <Switcher home={home} onClose={close} />;
  if (panel.value === "search") return <SearchPanel home={home} onClose={close} />;
  return null;
}

function useKeys(home: Home): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || isOver()) return;
      const action = home.going.keys.actionOf(event);
      if (action !== undefined) {
        event.preventDefault();
        if (!home.going.act(action)) go(action);
      } else if (event.key === "Escape") escape(home);
      else if (isTyped(event)) find(".field-text")?.focus();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [home]);
}

/** A letter that nothing takes in: it is the beginning of a message. */
function isTyped({ key, ctrlKey, metaKey, altKey, target }: KeyboardEvent): boolean {
  if (key.length !== 1 || key === " " || ctrlKey || metaKey || altKey) return false;
  return target instanceof Element && !target.matches("input, textarea, select");
}

/** A dialog has the keys to itself. */
function isOver(): boolean {
  return document.querySelector("dialog[open]") !== null;
}

/** What only the page can do: move the focus. */
function go(action: KeyAction): void {
  if (action === "to_field") find(".field-text")?.focus();
  if (action === "to_list") find('.row[tabindex="0"]')?.focus();
  if (action === "to_newest") find(".way-down")?.click();
}

/** One step back: out of choosing messages, from a message to the field, from the chat to the list. */
function escape(home: Home): void {
  const chat = home.chat.peek();
  if (!chat) return;
  if (chat.selection.chosen.peek()) return chat.selection.clear();
  if (document.activeElement?.closest(".items")) return find(".field-text")?.focus();
  const { id } = chat;
  home.close();
  const index = home.rows.peek().findIndex((row) => row.id === id);
  // The row is a stop of the Tab key only after the next drawing.
  requestAnimationFrame(() => find(`[data-row="${index}"]`)?.focus());
}

function find(selector: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(selector);
}
