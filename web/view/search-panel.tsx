import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import type { Home } from "../model/home.ts";
import type { Report } from "../model/report.ts";
import type { Hit, Scope } from "../model/search.ts";
import { searchOf } from "../model/search.ts";
import { shortTime } from "../model/time.ts";
import { useLocale, useStrings } from "./app-context.ts";
import { Avatar } from "./avatar.tsx";
import { isComposed } from "./composing.ts";
import { Dialog } from "./dialog.tsx";
import { Toast } from "./parts/states.tsx";
import { usePanel } from "./parts/use-panel.ts";

type Props = { home: Home; onClose: () => void };

/**
 * Chats by name and messages by what is in them; each leads to its place. What was found stays as it was left, for going
 * through it one by one.
 */
export function SearchPanel({ home, onClose }: Props): VNode {
  const { talk } = useStrings();
  const search = searchOf(home);
  // As it was asked for: in the open chat, or everywhere.
  useState(() => search.resume(home.going.scope.peek()));
  const list = useRef<HTMLDivElement>(null);
  const { report, notice } = usePanel();
  return (
    <Dialog title={talk.search} kind="panel" onClose={onClose}>
      <input
        class="search-field"
        type="text"
        role="searchbox"
        data-first
        autocomplete="off"
        enterkeyhint="search"
        placeholder={talk.search}
        aria-label={talk.search}
        value={search.typed.peek()}
        // What was looked for before is gone with the first key of something else.
        onFocus={(event) => event.currentTarget.select()}
        onInput={(event) => search.type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (isComposed(event)) return;
          const first = list.current?.querySelector("button");
          if (event.key === "Enter" && !search.busy.peek()) first?.click();
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          first?.focus();
        }}
      />
      <Scopes home={home} />
      <div class="found" ref={list} onKeyDown={(event) => walk(event, list.current)}>
        <Chats home={home} onClose={onClose} />
        <Messages home={home} report={report} onClose={onClose} />
      </div>
      <Toast text={notice} />
    </Dialog>
  );
}

function Scopes({ home }: { home: Home }): VNode {
  const { talk } = useStrings();
  const search = searchOf(home);
  const now = search.scope.value;
  const chat = home.chat.value;
  const scopes: [words: string, scope: Scope][] = [
    [talk.searchAll, { kind: "all" }],
    [talk.searchMentions, { kind: "mentions" }],
  ];
  if (chat) {
    const { name } = chat.header.value;
    scopes.unshift([talk.searchIn(name), { kind: "chat", channel: chat.id }]);
  }
  return (
    <div class="scopes" role="group" aria-label={talk.search}>
      {scopes.map(([words, scope]) => (
        <button
          type="button"
          key={scope.kind}
          class="chip"
          aria-pressed={scope.kind === now.kind}
          onClick={() => search.look(scope)}
        >
          {words}
        </button>
      ))}
    </div>
  );
}

function Chats({ home, onClose }: Props): VNode | null {
  const { talk } = useStrings();
  const rows = searchOf(home).chats.value;
  if (rows.length === 0) return null;
  const go = (id: string): void => {
    onClose();
    home.open(id);
  };
  return (
    <section>
      <h3>{talk.foundChats}</h3>
      {rows.map((row) => (
        <button type="button" key={row.id} class="person" onClick={() => go(row.id)}>
          <Avatar id={row.face} name={row.name} group={row.group} small />
          <span class="person-name one-line">{row.name}</span>
        </button>
      ))}
    </section>
  );
}

function Messages({ home, report, onClose }: Props & { report: Report }): VNode {
  const { talk } = useStrings();
  const search = searchOf(home);
  const { openAt } = home.going;
  const { hits, next, local } = search.results.value;
  const go = ({ channel, seq }: Hit): void => {
    onClose();
    openAt(channel, seq);
  };
  return (
    <section>
      {hits.length > 0 && <h3>{talk.foundMessages}</h3>}
      {hits.map((hit) => (
        <HitRow key={`${hit.channel} ${hit.seq}`} home={home} hit={hit} onGo={() => go(hit)} />
      ))}
      {next !== undefined && (
        <button type="button" class="button quiet" onClick={() => void report(search.more())}>
          {talk.searchMore}
        </button>
      )}
      <Status home={home} />
      {local && <p class="hint">{talk.searchLocal}</p>}
    </section>
  );
}

function HitRow({ home, hit, onGo }: { home: Home; hit: Hit; onGo: () => void }): VNode {
  const strings = useStrings();
  const locale = useLocale();
  const { people, client, now } = home.context;
  const row = home.rows.value.find(({ id }) => id === hit.channel);
  const own = hit.sender_id === client.user_id;
  const by = own ? strings.you : hit.sender_id && people.nameOf(hit.sender_id);
  return (
    <button type="button" class="person hit" onClick={onGo}>
      <Avatar
        id={row?.face ?? hit.channel}
        name={row?.name ?? ""}
        group={row?.group === true}
        small
      />
      <span class="person-name">
        <span class="hit-top">
          <b class="one-line">{row?.name ?? by ?? ""}</b>
          {hit.created_at !== undefined && (
            <time dateTime={hit.created_at}>
              {shortTime(hit.created_at, now.value, locale, strings)}
            </time>
          )}
        </span>
        <small class="hit-text" dir="auto">
          {by && <span>{by}: </span>}
          {hit.pieces.map(({ text, hit: marked }) => (marked ? <mark>{text}</mark> : text))}
        </small>
      </span>
    </button>
  );
}

/** Said aloud when it changes: that something is looked for, how much was found. */
function Status({ home }: { home: Home }): VNode {
  const { talk } = useStrings();
  const search = searchOf(home);
  const { hits } = search.results.value;
  const empty = search.typed.value.trim() === "" && search.scope.value.kind !== "mentions";
  const none = hits.length + search.chats.value.length === 0;
  const found = search.busy.value ? talk.searching : none ? talk.searchNone : "";
  const words = empty ? talk.searchEmpty : found;
  return (
    <p class="hint" role="status">
      {words}
      {words === "" && <span class="hidden">{talk.found(hits.length)}</span>}
    </p>
  );
}

/** Arrows walk over what was found, and back into the field. */
function walk(event: KeyboardEvent, list: HTMLElement | null): void {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const buttons = [...(list?.querySelectorAll("button") ?? [])];
  const here = buttons.indexOf(event.target as HTMLButtonElement);
  if (step === undefined || here === -1) return;
  event.preventDefault();
  const next = buttons[here + step];
  if (next) next.focus();
  else if (step === -1) list?.closest("dialog")?.querySelector("input")?.focus();
}
