import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Item, Sending } from "../../model/attachments.ts";
import { createSending } from "../../model/attachments.ts";
import type { Chat } from "../../model/chat.ts";
import { sizeText } from "../../model/size.ts";
import { useLocale } from "../app-context.ts";
import { Dialog } from "../dialog.tsx";
import { Icon } from "../icons.tsx";
import { Skeleton, Toast } from "../parts/states.tsx";
import { usePanel } from "../parts/use-panel.ts";
import { useScreens } from "../parts/words.ts";
import { prepareAll } from "./prepare.ts";
import { useBlobUrl } from "./use-blob-url.ts";

type Props = { chat: Chat; files: readonly File[]; onClose: () => void };

/** What was chosen, before it is sent. */
export function SendFiles({ chat, files, onClose }: Props): VNode {
  const words = useScreens().files;
  const { context, report, notice } = usePanel();
  const [sending] = useState(() => createSending(context, chat.id, report));
  const [caption, setCaption] = useState("");
  const [ready, setReady] = useState(false);
  useEffect(() => {
    void prepareAll(files).then((prepared) => {
      sending.add(prepared);
      setReady(true);
    });
  }, [files, sending]);
  useEffect(() => sending.stop, [sending]);

  async function send(): Promise<void> {
    const mode = chat.composer.mode.peek();
    const reply_to = mode.kind === "reply" ? mode.message.seq : undefined;
    if (!(await sending.send(caption, reply_to))) return;
    if (reply_to !== undefined) chat.composer.cancel();
    chat.wrote();
    onClose();
  }
  return (
    <Dialog title={words.title(sending.items.value.length || files.length)} onClose={onClose}>
      <form
        class="form"
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        {ready ? <Items sending={sending} /> : <Skeleton rows={2} />}
        <Refused sending={sending} />
        <label class="field">
          <span>{words.caption}</span>
          <input
            data-first
            value={caption}
            maxLength={4000}
            autocomplete="off"
            onInput={(event) => setCaption(event.currentTarget.value)}
          />
        </label>
        <button
          type="submit"
          class="button primary wide"
          disabled={sending.busy.value || sending.items.value.length === 0}
        >
          {words.send}
        </button>
      </form>
      <Toast text={notice} />
    </Dialog>
  );
}

function Refused({ sending }: { sending: Sending }): VNode {
  const words = useScreens().files;
  const refused = sending.refused.value;
  return (
    <p class="problem" role="alert">
      {refused?.why === "too_large" && words.tooLarge(refused.name)}
      {refused?.why === "too_many" && words.tooMany}
    </p>
  );
}

function Items({ sending }: { sending: Sending }): VNode {
  return (
    <ul class="chosen">
      {sending.items.value.map((item) => (
        <li key={item.key}>
          <ItemLine item={item} busy={sending.busy.value} onDrop={() => sending.drop(item.key)} />
        </li>
      ))}
    </ul>
  );
}

type LineProps = { item: Item; busy: boolean; onDrop: () => void };

function ItemLine({ item, busy, onDrop }: LineProps): VNode {
  const words = useScreens().files;
  const locale = useLocale();
  const { picked, size, share } = item;
  const percent = Math.round(share * 100);
  return (
    <div class="item">
      {size ? <Preview source={picked.source as Blob} /> : <Icon name="file" />}
      <span class="item-name">
        <span class="one-line">{picked.name}</span>
        <small>{busy ? words.progress(percent) : sizeText(picked.bytes, locale)}</small>
        {busy && <progress value={share} max={1} aria-label={words.progress(percent)} />}
      </span>
      <button
        type="button"
        class="round"
        aria-label={words.remove(picked.name)}
        disabled={busy}
        onClick={onDrop}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

function Preview({ source }: { source: Blob }): VNode {
  const url = useBlobUrl(source);
  return <span class="thumb small">{url !== undefined && <img src={url} alt="" />}</span>;
}
