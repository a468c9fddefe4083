import type { VNode } from "preact";
import { useId } from "preact/hooks";
import type { Chat } from "../model/chat.ts";
import type { Composer as ComposerModel, Mode } from "../model/composer.ts";
import { placeholder } from "../model/system.ts";
import { useStrings } from "./app-context.ts";
import { AttachButton } from "./files/attach-button.tsx";
import { Icon } from "./icons.tsx";
import { MentionList } from "./mention-list.tsx";
import { excerpt, nameOf } from "./quote.tsx";
import { useField } from "./use-field.ts";
import { useMentions } from "./use-mentions.ts";

type Props = { chat: Chat; onEmoji: (button: HTMLElement) => void };

export function Composer({ chat, onEmoji }: Props): VNode {
  const strings = useStrings();
  const { composer } = chat;
  const mentions = useMentions(composer);
  const listId = useId();
  const field = useField(chat, mentions);
  const typing = chat.typing.value;
  return (
    <footer class="composer">
      <p class="writers" aria-hidden="true">
        {typing !== "" && (
          <>
            <span class="dots">
              <i />
              <i />
              <i />
            </span>
            {typing}
          </>
        )}
      </p>
      <MentionList id={listId} composer={composer} active={mentions.active} />
      <ModeBar chat={chat} composer={composer} />
      <form
        class="compose"
        onSubmit={(event) => {
          event.preventDefault();
          field.submit();
        }}
      >
        <AttachButton chat={chat} />
        <textarea
          {...field.events}
          ref={field.element}
          rows={1}
          class="field-text"
          dir="auto"
          enterkeyhint="enter"
          placeholder={strings.write}
          aria-label={strings.write}
          aria-controls={listId}
          aria-activedescendant={mentions.active >= 0 ? `${listId}-${mentions.active}` : undefined}
        />
        <button
          type="button"
          class="round to-emoji"
          aria-label={strings.talk.emoji}
          title={strings.talk.emoji}
          aria-haspopup="dialog"
          onClick={(event) => {
            field.look();
            onEmoji(event.currentTarget);
          }}
        >
          <Icon name="smile" />
        </button>
        <button
          type="submit"
          class="round send"
          aria-label={composer.mode.value.kind === "edit" ? strings.save : strings.send}
          disabled={!composer.ready.value}
        >
          <Icon name="send" />
        </button>
      </form>
    </footer>
  );
}

function ModeBar({ chat, composer }: { chat: Chat; composer: ComposerModel }): VNode | null {
  const strings = useStrings();
  const mode: Mode = composer.mode.value;
  if (mode.kind === "new") return null;
  const title =
    mode.kind === "edit"
      ? strings.editing
      : strings.replyingTo(nameOf(chat, mode.message, strings.you));
  return (
    <div class="mode">
      <Icon name={mode.kind === "edit" ? "edit" : "reply"} />
      <div class="quote">
        <b>{title}</b>
        <span class="one-line" dir="auto">
          {excerpt(mode.message, placeholder(mode.message, strings))}
        </span>
      </div>
      <button type="button" class="round" aria-label={strings.cancel} onClick={composer.cancel}>
        <Icon name="close" />
      </button>
    </div>
  );
}
