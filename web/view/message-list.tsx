import type { Message } from "@damso/sdk";
import type { RefObject, VNode } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import type { Bubble as BubbleModel, Item } from "../model/items.ts";
import { dayName } from "../model/time.ts";
import { useApp, useLocale, useStrings } from "./app-context.ts";
import { Bubble } from "./bubble.tsx";
import { DayFloat } from "./day-float.tsx";
import { Icon } from "./icons.tsx";
import type { IconName } from "./icons.tsx";
import { goToEnd, jumpTo, nextDrawing } from "./jump.ts";
import type { MenuPlace } from "./menu.tsx";
import { SystemLine } from "./system-line.tsx";
import { useScroller } from "./use-scroller.ts";
import { useTarget } from "./use-target.ts";

type Props = {
  chat: Chat;
  scroller: RefObject<HTMLDivElement | null>;
  onJump: (seq: number) => void;
  onMenu: (message: Message, place: MenuPlace) => void;
};

/**
 * The scroller is reversed: its position is counted from the bottom, so what is loaded above moves nothing.
 * The list in it is in reading order.
 */
export function MessageList(props: Props): VNode {
  const { chat, scroller } = props;
  const { pane } = useApp();
  const strings = useStrings();
  const list = useRef<HTMLOListElement>(null);
  const { timeline } = chat;
  const items = timeline.items.value;
  const stop = items.findLastIndex(({ kind }) => kind === "bubble");
  const page = timeline.page.value;
  const state = timeline.state.value;
  const stretch = useRef<HTMLDivElement>(null);
  const away = useScroller({ chat, scroller, stretch, list, pane });
  useTarget(chat, scroller);
  return (
    <div class="messages">
      <div class="scroller" ref={scroller} tabIndex={-1}>
        {/* What would stand here before the messages do would have to move when they come. */}
        {state === "loading" && items.length === 0 ? (
          <p class="waiting">{strings.loadingOlder}</p>
        ) : (
          <div class="stretch" key="stretch" ref={stretch}>
            <Beginning chat={chat} />
            <ol
              class="items"
              ref={list}
              aria-label={strings.talk.messages}
              onKeyDown={(event) => walk(event, list.current)}
            >
              {items.map((item, index) =>
                item.kind === "bubble" ? (
                  <KeptBubble
                    key={item.key}
                    bubble={item.bubble}
                    focusable={index === stop}
                    {...props}
                  />
                ) : (
                  <Line key={item.key} item={item} chat={chat} />
                ),
              )}
            </ol>
            {page.more_after && <p class="aside" data-end="newer" />}
          </div>
        )}
      </div>
      <DayFloat chat={chat} scroller={scroller} list={list} />
      <div class="ways">
        {chat.trail.open.value && (
          <Way icon="back-up" words={strings.talk.backToPlace} onGo={() => goBack(props)} />
        )}
        {away && <MentionWay {...props} />}
        {away && (
          <Way
            icon="down"
            words={strings.toBottom(chat.header.value.unread)}
            count={chat.header.value.unread}
            onGo={() => void toNewest(chat, scroller.current)}
          />
        )}
      </div>
    </div>
  );
}

/** What stands above the messages that are drawn. */
function Beginning({ chat }: { chat: Chat }): VNode {
  const strings = useStrings();
  const { state, page } = chat.timeline;
  if (state.value === "failed") return <Failed chat={chat} />;
  if (!page.value.more_before) return <p class="aside">{strings.startOfChat}</p>;
  return (
    <p class="aside" data-end="older">
      {strings.loadingOlder}
    </p>
  );
}

type WayProps = { icon: IconName | "@"; words: string; count?: number; onGo: () => void };

/** A round button over the messages that leads somewhere else in them. */
function Way({ icon, words, count = 0, onGo }: WayProps): VNode {
  return (
    <button
      type="button"
      class={`round way way-${icon}`}
      aria-label={words}
      title={words}
      onClick={onGo}
    >
      {icon === "@" ? <b aria-hidden="true">@</b> : <Icon name={icon} />}
      {count > 0 && (
        <span class="badge" aria-hidden="true">
          {count > 999 ? "999+" : count}
        </span>
      )}
    </button>
  );
}

function MentionWay({ chat, onJump }: Props): VNode | null {
  const strings = useStrings();
  const { mentions } = chat.header.value;
  if (mentions === 0) return null;
  const go = async (): Promise<void> => {
    const seq = await chat.nextMention();
    if (seq !== undefined) onJump(seq);
  };
  const words = strings.talk.nextMention(mentions);
  return <Way icon="@" words={words} count={mentions} onGo={() => void go()} />;
}

function goBack({ chat, scroller }: Props): void {
  const seq = chat.trail.back();
  if (seq !== undefined) void jumpTo(chat, scroller.current, seq, false);
}

type LineProps = { chat: Chat; item: Exclude<Item, { kind: "bubble" }> };

/** What stands between the bubbles. */
function Line({ chat, item }: LineProps): VNode {
  const strings = useStrings();
  const locale = useLocale();
  switch (item.kind) {
    case "day":
      return (
        <li class="day" data-at={item.at}>
          <span>{dayName(item.at, chat.context.now.value, locale, strings)}</span>
        </li>
      );
    case "unread":
      return (
        <li class="unread-line" data-unread>
          <span>{strings.newMessages}</span>
        </li>
      );
    case "system":
      return <SystemLine chat={chat} message={item.message} />;
  }
}

/** The same element as before is not drawn again: of a hundred bubbles only those that changed are. */
function KeptBubble(props: Props & { bubble: BubbleModel; focusable: boolean }): VNode {
  const { chat, bubble, focusable } = props;
  const { source, tick, first, last, seen } = bubble;
  const told = source.kind === "message" ? source.message : source.pending;
  return useMemo(
    () => <Bubble {...props} />,
    [chat, source.kind, told, tick, first, last, seen, focusable],
  );
}

function Failed({ chat }: { chat: Chat }): VNode {
  const strings = useStrings();
  return (
    <div class="empty" role="alert">
      <p>{strings.failedToLoad}</p>
      <button type="button" class="button" onClick={() => void chat.timeline.open()}>
        {strings.tryAgain}
      </button>
    </div>
  );
}

async function toNewest(chat: Chat, scroller: HTMLElement | null): Promise<void> {
  await chat.timeline.toNewest();
  chat.trail.forget();
  // A drawing that comes after would end a smooth movement.
  await nextDrawing();
  if (scroller) await goToEnd(scroller);
}

/** The messages are one stop of the Tab key; arrows walk from one to the next. */
function walk(event: KeyboardEvent, list: HTMLElement | null): void {
  const here = event.target;
  if (list === null || !(here instanceof HTMLElement) || here.dataset["walk"] === undefined) return;
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (step === undefined) return;
  const stops = [...list.querySelectorAll<HTMLElement>("[data-walk]")];
  const next = stops[stops.indexOf(here) + step];
  if (!next) return;
  event.preventDefault();
  here.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}
