/** Getting somewhere quickly: the keys, the switcher, the search, and what lies over the whole page for them. */
import type { ChannelId, Seq } from "@damso/sdk";
import type { ReadonlySignal, Signal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Row } from "./chat-list.ts";
import type { Chat } from "./chat.ts";
import type { Context } from "./context.ts";
import type { KeyAction, KeyMap } from "./keys.ts";
import { createKeyMap } from "./keys.ts";
import type { Report } from "./report.ts";
import type { RowActions } from "./row-actions.ts";
import { createRowActions } from "./row-actions.ts";
import type { ReadStored, Scope } from "./search.ts";
import { neighbour, nextUnread } from "./switcher.ts";

/** What lies over the page. */
export type Panel = "switcher" | "search" | "new";

export type Going = {
  keys: KeyMap;
  panel: Signal<Panel | undefined>;
  /** Where the search begins to look, which is loaded when its panel is first opened. */
  scope: ReadonlySignal<Scope>;
  stored: ReadStored;
  actions: RowActions;
  openSearch: (scope: Scope) => void;
  /** Opens a chat at a message. */
  openAt: (channel: ChannelId, seq: Seq) => void;
  /** Does what a key is bound to; false for what only the page itself can do. */
  act: (action: KeyAction) => boolean;
};

export type Place = {
  rows: ReadonlySignal<readonly Row[]>;
  chat: ReadonlySignal<Chat | undefined>;
  open: (channel: string) => void;
};

export type GoingTools = { apple: boolean; stored: ReadStored | undefined };

export function createGoing(
  context: Context,
  report: Report,
  { rows, chat, open }: Place,
  { apple, stored }: GoingTools,
): Going {
  const { client, keep } = context;
  const panel = signal<Panel | undefined>(undefined);
  const actions = createRowActions(client, report);
  const loaded: ReadStored = async (channel, from, to) =>
    client.messages(channel).messages.filter(({ seq }) => seq >= from && seq <= to);
  const scope = signal<Scope>({ kind: "all" });
  const openSearch = (wanted: Scope): void => {
    scope.value = wanted;
    panel.value = "search";
  };
  const openRow = (row: Row | undefined): void => {
    if (row) open(row.id);
  };
  const here = (): ChannelId | undefined => chat.peek()?.id;
  const acts: Partial<Record<KeyAction, () => void>> = {
    switcher: () => (panel.value = "switcher"),
    search: () => {
      const channel = here();
      openSearch(channel ? { kind: "chat", channel } : { kind: "all" });
    },
    search_all: () => openSearch({ kind: "all" }),
    next_chat: () => openRow(neighbour(rows.peek(), here(), 1)),
    previous_chat: () => openRow(neighbour(rows.peek(), here(), -1)),
    next_unread: () => openRow(nextUnread(rows.peek(), here())),
    new_chat: () => (panel.value = "new"),
    mute: () => {
      const row = rows.peek().find(({ id }) => id === here());
      if (row) actions.toggleMute(row);
    },
  };
  return {
    keys: createKeyMap(keep, apple),
    panel,
    scope,
    stored: stored ?? loaded,
    actions,
    openSearch,
    openAt: (channel, seq) => {
      open(channel);
      const opened = chat.peek();
      if (opened) opened.wanted.value = seq;
    },
    act: (action) => {
      acts[action]?.();
      return action in acts;
    },
  };
}
