/** Pictures in full: closer, further, the next one, saved. */
import type { Attachment } from "@damso/sdk";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Chat } from "../../model/chat.ts";
import { useStrings } from "../app-context.ts";
import { Icon } from "../icons.tsx";
import { useScreens } from "../parts/words.ts";
import { useModal } from "../use-modal.ts";
import { useSource } from "../use-source.ts";
import { saveUrl } from "./save.ts";
import { Thumb } from "./thumb.tsx";
import { useZoom } from "./use-zoom.ts";

type Props = { chat: Chat; first: string; onClose: () => void };

export function Viewer({ chat, first, onClose }: Props): VNode {
  const { element, close } = useModal();
  const [at, setAt] = useState(first);
  const images = imagesOf(chat);
  const index = Math.max(
    0,
    images.findIndex(({ id }) => id === at),
  );
  const image = images[index];
  const step = (by: number): void => {
    const next = images[index + by];
    if (next) setAt(next.id);
  };
  return (
    <dialog
      ref={element}
      class="viewer"
      aria-label={image?.name ?? ""}
      onClose={(event) => {
        event.stopPropagation();
        onClose();
      }}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") step(-1);
        if (event.key === "ArrowRight") step(1);
      }}
    >
      {image && <Picture key={image.id} image={image} onStep={step} onClose={close} />}
      <Steps index={index} count={images.length} onStep={step} />
    </dialog>
  );
}

/** Those of the stretch of messages that is loaded, in their order. */
function imagesOf({ timeline }: Chat): Attachment[] {
  return timeline.page.value.messages
    .flatMap(({ attachments = [] }) => attachments)
    .filter(({ kind }) => kind === "image");
}

type PictureProps = { image: Attachment; onStep: (by: number) => void; onClose: () => void };

function Picture({ image, onStep, onClose }: PictureProps): VNode {
  const words = useScreens();
  const strings = useStrings();
  const { url } = useSource(image.id);
  const { frame, style, zoomed } = useZoom({
    onSwipe: (way) => (way === "down" ? onClose() : onStep(way === "left" ? 1 : -1)),
  });
  return (
    <>
      <header class="viewer-head">
        <span class="one-line">{image.name}</span>
        <button
          type="button"
          class="round"
          aria-label={words.download}
          title={words.download}
          disabled={url === undefined}
          onClick={() => url !== undefined && saveUrl(url, image.name)}
        >
          <Icon name="save" />
        </button>
        <button type="button" class="round" aria-label={strings.close} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <div ref={frame} class={zoomed ? "viewer-frame zoomed" : "viewer-frame"}>
        <div class="viewer-image" style={style}>
          <Thumb attachment={image} />
        </div>
      </div>
    </>
  );
}

type StepsProps = { index: number; count: number; onStep: (by: number) => void };

function Steps({ index, count, onStep }: StepsProps): VNode | null {
  const words = useScreens();
  const strings = useStrings();
  if (count < 2) return null;
  return (
    <>
      <button
        type="button"
        class="round viewer-step"
        aria-label={strings.back}
        disabled={index === 0}
        onClick={() => onStep(-1)}
      >
        <Icon name="back" />
      </button>
      <button
        type="button"
        class="round viewer-step end"
        aria-label={words.next}
        disabled={index === count - 1}
        onClick={() => onStep(1)}
      >
        <Icon name="next" />
      </button>
      <p class="viewer-count" role="status">
        {index + 1} / {count}
      </p>
    </>
  );
}
