import type { Mention, Message, Pending } from "@damso/sdk";
import type { ComponentChildren, RefObject, VNode } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { isFewEmoji, isLong, pieces } from "../model/body.ts";
import type { Chat } from "../model/chat.ts";
import { useStrings } from "./app-context.ts";

/** More than fits into what is shown of a folded text. */
const FOLDED_CODE_UNITS = 4000;

type Told = Message | Pending;

/** The text with its links and mentions; a long one folded, and fetched as a whole when unfolded. */
export function BubbleText({ chat, told }: { chat: Chat; told: Told }): VNode {
  const cut = "truncated" in told && told.truncated;
  const { body = "" } = told;
  if (cut || isLong(body)) return <LongText chat={chat} told={told} cut={cut} />;
  return (
    <div class={`words${isFewEmoji(body) ? " big" : ""}`} dir="auto">
      {inPieces(chat, told, body)}
    </div>
  );
}

function LongText({ chat, told, cut }: { chat: Chat; told: Told; cut: boolean }): VNode {
  const strings = useStrings();
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const { element, measure } = useStill(open);
  const [whole, setWhole] = useState<Message>();
  const message = "message_id" in told ? told : undefined;
  // A whole text that was fetched counts only as long as the message has not been edited since.
  const fetched =
    whole !== undefined && whole.body_rev === message?.body_rev ? whole.body : undefined;
  const known = (open ? fetched : undefined) ?? told.body ?? "";
  // Of a folded text a screen is seen: the rest is not worth laying out.
  const body = open ? known : known.slice(0, FOLDED_CODE_UNITS);

  async function toggle(): Promise<void> {
    if (!open && cut && message && fetched === undefined) {
      setBusy(true);
      await chat.report(chat.context.client.body(chat.id, message.seq).then(setWhole));
      setBusy(false);
    }
    measure();
    setOpen(!open);
  }
  return (
    <>
      <div ref={element} class={open ? "words" : "words folded"} dir="auto">
        {inPieces(chat, told, body)}
      </div>
      <button type="button" class="unfold" disabled={busy} onClick={() => void toggle()}>
        {open ? strings.showLess : strings.showAll(message?.length)}
      </button>
    </>
  );
}

/** The scroller counts from the bottom: without help a text would unfold upwards, away from where it is being read. */
function useStill(open: boolean): {
  element: RefObject<HTMLDivElement | null>;
  measure: () => void;
} {
  const element = useRef<HTMLDivElement>(null);
  const before = useRef<number | undefined>(undefined);
  const top = (): number => element.current?.getBoundingClientRect().top ?? 0;
  useLayoutEffect(() => {
    const scroller = element.current?.closest(".scroller");
    if (before.current !== undefined && scroller) scroller.scrollTop += top() - before.current;
  }, [open]);
  const measure = (): void => {
    before.current = top();
  };
  return { element, measure };
}

function inPieces(chat: Chat, { mentions = [] }: Told, body: string): ComponentChildren {
  return pieces(body, mentions.length > 0 ? mentionNames(chat, mentions) : []).map(
    ({ kind, text }) => {
      if (kind === "link") {
        return (
          <a href={text} target="_blank" rel="noopener noreferrer nofollow">
            {text}
          </a>
        );
      }
      return kind === "mention" ? <b class="mention">{text}</b> : text;
    },
  );
}

function mentionNames({ context }: Chat, mentions: readonly Mention[]): string[] {
  const { people, speech } = context;
  return mentions.map((mention) =>
    mention === "all" ? speech.strings.value.everyone : people.nameOf(mention),
  );
}
