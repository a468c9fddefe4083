/** Pictures in full: closer, further, the next one, saved. */
import type { Attachment } from "@damso/sdk";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Api } from "../../model/api.ts";
import type { Chat } from "../../model/chat.ts";
import type { Picture } from "../../model/pictures.ts";
import { picturesIn } from "../../model/pictures.ts";
import { clockTime, dayName } from "../../model/time.ts";
import { useLocale, useStrings } from "../app-context.ts";
import { Icon } from "../icons.tsx";
import { useScreens } from "../parts/words.ts";
import { useModal } from "../use-modal.ts";
import { saveUrl } from "./save.ts";
import { Thumb } from "./thumb.tsx";
import { useZoom } from "./use-zoom.ts";

/** `first`: the key of the picture that it opens with. */
type Props = { chat: Chat; first: string; onClose: () => void };

export function Viewer({ chat, first, onClose }: Props): VNode {
  const { element, close } = useModal();
  const [at, setAt] = useState(first);
  const pictures = picturesIn(chat.timeline.items.value);
  const index = Math.max(
    0,
    pictures.findIndex(({ key }) => key === at),
  );
  const picture = pictures[index];
  const step = (by: number): void => {
    const next = pictures[index + by];
    if (next) setAt(next.key);
  };
  return (
    <dialog
      ref={element}
      class="viewer"
      aria-label={picture?.image.name ?? ""}
      onClose={(event) => {
        event.stopPropagation();
        onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") step(-1);
        if (event.key === "ArrowRight") step(1);
      }}
    >
      {picture && <Head chat={chat} picture={picture} onClose={close} />}
      {picture && <Frame key={picture.key} image={picture.image} onStep={step} onClose={close} />}
      <Steps index={index} count={pictures.length} onStep={step} />
    </dialog>
  );
}

type HeadProps = { chat: Chat; picture: Picture; onClose: () => void };

/** Who sent it, when, and what can be done with it. */
function Head({ chat, picture, onClose }: HeadProps): VNode {
  const words = useScreens();
  const strings = useStrings();
  const locale = useLocale();
  const { api, people, now } = chat.context;
  const { image, own, sender_id, at } = picture;
  const day = dayName(at, now.value, locale, strings);
  return (
    <header class="viewer-head">
      <p class="viewer-by" aria-live="polite">
        <strong class="one-line">{own ? strings.you : people.nameOf(sender_id)}</strong>
        <small class="one-line">
          <time dateTime={at}>{`${day}, ${clockTime(at, locale)}`}</time> · {image.name}
        </small>
      </p>
      <button
        type="button"
        class="round"
        aria-label={words.download}
        title={words.download}
        onClick={() => void save(api, image)}
      >
        <Icon name="save" />
      </button>
      <button type="button" class="round" aria-label={strings.close} onClick={onClose}>
        <Icon name="close" />
      </button>
    </header>
  );
}

/** Asked for by then: the same button stands at every picture. What cannot be had is not seen either. */
async function save(api: Api, { id, name }: Attachment): Promise<void> {
  const url = api.addressOf(id) ?? (await api.load(id).catch(() => undefined));
  if (url !== undefined) saveUrl(url, name);
}

type FrameProps = { image: Attachment; onStep: (by: number) => void; onClose: () => void };

function Frame({ image, onStep, onClose }: FrameProps): VNode {
  const { frame, style, zoomed } = useZoom({
    onSwipe: (way) => (way === "down" ? onClose() : onStep(way === "left" ? 1 : -1)),
  });
  return (
    <div ref={frame} class={zoomed ? "viewer-frame zoomed" : "viewer-frame"}>
      <div class="viewer-image" style={style}>
        <Thumb attachment={image} />
      </div>
    </div>
  );
}

type StepsProps = { index: number; count: number; onStep: (by: number) => void };

function Steps({ index, count, onStep }: StepsProps): VNode | null {
  const words = useScreens();
  if (count < 2) return null;
  return (
    <>
      <Step icon="back" words={words.previous} ends={index === 0} onGo={() => onStep(-1)} />
      <Step icon="next" words={words.next} ends={index === count - 1} onGo={() => onStep(1)} />
      <p class="viewer-count" role="status">
        {index + 1} / {count}
      </p>
    </>
  );
}

type StepProps = { icon: "back" | "next"; words: string; ends: boolean; onGo: () => void };

/** At an end it is grey, and keeps the focus: a disabled one would drop it, and the arrow keys with it. */
function Step({ icon, words, ends, onGo }: StepProps): VNode {
  return (
    <button
      type="button"
      class={`round viewer-step${icon === "next" ? " end" : ""}`}
      aria-label={words}
      title={words}
      aria-disabled={ends}
      onClick={onGo}
    >
      <Icon name={icon} />
    </button>
  );
}
