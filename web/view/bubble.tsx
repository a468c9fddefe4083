import type { Message } from "@damso/sdk";
import type { VNode } from "preact";
import type { Chat } from "../model/chat.ts";
import type { Bubble as BubbleModel } from "../model/items.ts";
import { isOnlyFiles } from "../model/files-text.ts";
import { placeholder } from "../model/system.ts";
import type { Strings } from "../model/strings/strings.ts";
import { clockTime } from "../model/time.ts";
import { useLocale, useStrings } from "./app-context.ts";
import { Avatar } from "./avatar.tsx";
import { Attachments } from "./files/attachments.tsx";
import { BubbleText } from "./bubble-text.tsx";
import { Icon } from "./icons.tsx";
import { useMenuTriggers } from "./use-menu-triggers.ts";
import type { MenuPlace } from "./menu.tsx";
import { Quote } from "./quote.tsx";
import { Reactions } from "./reactions.tsx";
import { Tick } from "./tick.tsx";
import { usePull } from "./use-pull.ts";

type Props = {
  chat: Chat;
  bubble: BubbleModel;
  /** Where the Tab key enters the list. */
  focusable: boolean;
  onJump: (seq: number) => void;
  onMenu: (message: Message, place: MenuPlace) => void;
};

/** Drawn by one component where it can be: a chat opens with a screen full of them. */
export function Bubble({ chat, bubble, focusable, onJump, onMenu }: Props): VNode {
  const strings = useStrings();
  const { own, first, last, source } = bubble;
  const message = source.kind === "message" ? source.message : undefined;
  const name = own ? strings.you : chat.context.people.nameOf(bubble.sender_id);
  const faced = chat.group && !own;
  const hasMenu = message !== undefined && message.deleted_at === undefined;
  const pull = usePull(hasMenu ? (): void => chat.composer.reply(message) : undefined);
  const triggers = useMenuTriggers((place) => hasMenu && onMenu(message, place), pull);
  const chosen = chat.selection.chosen.value;
  const sides = `${own ? " own" : ""}${first ? " first" : ""}${last ? " last" : ""}`;
  const time = clockTime(bubble.at, useLocale());
  const instead = message && placeholder(message, strings);
  return (
    <li
      class={`message${sides}${faced ? " faced" : ""}${chosen ? " choosing" : ""}`}
      data-seq={message?.seq}
      data-at={bubble.at}
      data-walk
      tabIndex={focusable ? 0 : -1}
      aria-label={label(name, bubble, instead, time, strings)}
      {...triggers}
    >
      {chosen && hasMenu && <Choice chat={chat} message={message} />}
      {faced && first && <Avatar id={bubble.sender_id} name={name} small />}
      {faced && first && <span class="author">{name}</span>}
      <div class="line">
        {instead === undefined ? (
          inBubble(chat, bubble, onJump)
        ) : (
          <div class="bubble gone">{instead}</div>
        )}
        {meta(bubble, time, strings)}
        {hasMenu && (
          <button
            type="button"
            class="more"
            tabIndex={-1}
            aria-label={strings.actions}
            onClick={(event) => onMenu(message, event.currentTarget.getBoundingClientRect())}
          />
        )}
      </div>
      {message?.reactions && <Reactions chat={chat} message={message} />}
      {source.kind === "pending" && source.pending.state === "failed" && (
        <FailedActions chat={chat} bubble={bubble} />
      )}
    </li>
  );
}

/** Lies over the whole row while messages are being chosen. */
function Choice({ chat, message }: { chat: Chat; message: Message }): VNode {
  const { talk } = useStrings();
  const { chosen, toggle } = chat.selection;
  return (
    <label class="choice">
      <input
        type="checkbox"
        aria-label={talk.select}
        checked={chosen.value?.has(message.seq) === true}
        onChange={() => toggle(message.seq)}
      />
    </label>
  );
}

function inBubble(chat: Chat, { source, key }: BubbleModel, onJump: Props["onJump"]): VNode {
  const told = source.kind === "message" ? source.message : source.pending;
  return (
    <div class="bubble">
      {told.reply_to !== undefined && <Quote chat={chat} seq={told.reply_to} onJump={onJump} />}
      {told.attachments && <Attachments chat={chat} told={told} within={key} />}
      {!isOnlyFiles(told) && <BubbleText chat={chat} told={told} />}
    </div>
  );
}

/** The tick stands at every own message, the time at the last of those that stand together. */
function meta({ source, tick, seen, last, at }: BubbleModel, time: string, words: Strings): VNode {
  const message = source.kind === "message" ? source.message : undefined;
  return (
    <span class="meta" aria-hidden="true">
      {tick && <Tick tick={tick} />}
      {seen && <span class="seen">{words.seen}</span>}
      {last && <time dateTime={at}>{time}</time>}
      {message?.edited_at !== undefined && message.deleted_at === undefined && (
        <span>{words.edited}</span>
      )}
      {message?.pinned === true && <Icon name="pin" />}
    </span>
  );
}

function FailedActions({ chat, bubble }: Pick<Props, "chat" | "bubble">): VNode | null {
  const strings = useStrings();
  if (bubble.source.kind !== "pending") return null;
  const { client_id, code = "" } = bubble.source.pending;
  return (
    <div class="failed">
      <span>{strings.errors[code] ?? strings.tick.failed}</span>
      <button type="button" class="button" onClick={() => chat.retry(client_id)}>
        {strings.retry}
      </button>
      <button type="button" class="button danger" onClick={() => chat.discard(client_id)}>
        {strings.delete}
      </button>
    </div>
  );
}

function label(
  name: string,
  { source, tick }: BubbleModel,
  instead: string | undefined,
  time: string,
  strings: Strings,
): string {
  const told = source.kind === "message" ? source.message : source.pending;
  const body = instead ?? told.body ?? "";
  const { edited_at, pinned } = source.kind === "message" ? source.message : {};
  const edited = edited_at !== undefined && instead === undefined ? strings.edited : "";
  const marked = pinned === true ? strings.pinned : "";
  const status = tick === undefined ? "" : strings.tick[tick];
  return [name, body.slice(0, 500), edited, marked, time, status].filter(Boolean).join(", ");
}
