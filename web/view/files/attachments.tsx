import type { Attachment, Message, Pending } from "@damso/sdk";
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Chat } from "../../model/chat.ts";
import { pictureKey } from "../../model/pictures.ts";
import { sizeText } from "../../model/size.ts";
import { useLocale } from "../app-context.ts";
import { lazily } from "../lazy.tsx";
import { useSource } from "../use-source.ts";
import { Thumb } from "./thumb.tsx";

const Viewer = lazily(() => import("../screens.ts").then((m) => m.Viewer));

/** A single picture is never larger than this, nor smaller than can be pressed. */
const WIDTH_MAX = 320;
const HEIGHT_MAX = 360;
const SIDE_MIN = 72;

type Props = { chat: Chat; told: Message | Pending; within: string };

/** The pictures and files of a message. Their boxes have their size before anything is loaded. */
export function Attachments({ chat, told, within }: Props): VNode {
  const all = told.attachments ?? [];
  const images = all.filter(({ kind }) => kind === "image");
  const others = all.filter(({ kind }) => kind !== "image");
  const [viewed, setViewed] = useState<string>();
  return (
    <div class="attachments">
      {images.length > 0 && (
        <div class={images.length === 1 ? "images" : "images many"}>
          {images.map((attachment) => (
            <button
              key={attachment.id}
              type="button"
              class="image"
              aria-label={attachment.name}
              style={images.length === 1 ? boxOf(attachment) : {}}
              onClick={() => setViewed(pictureKey(within, attachment))}
            >
              <Thumb attachment={attachment} />
            </button>
          ))}
        </div>
      )}
      {others.map((attachment) => (
        <Other key={attachment.id} attachment={attachment} />
      ))}
      {viewed !== undefined && (
        <Viewer chat={chat} first={viewed} onClose={() => setViewed(undefined)} />
      )}
    </div>
  );
}

function boxOf({ width = 4, height = 3 }: Attachment): { width: string; aspectRatio: string } {
  const ratio = Math.max(1, width) / Math.max(1, height);
  const wide = Math.max(SIDE_MIN, Math.min(WIDTH_MAX, HEIGHT_MAX * ratio, width));
  return { width: `${wide}px`, aspectRatio: String(Math.min(4, Math.max(0.4, ratio))) };
}

function Other({ attachment }: { attachment: Attachment }): VNode {
  const { id, kind, name } = attachment;
  const { url, retry } = useSource(id);
  if (kind === "video" && url !== undefined)
    return (
      <video
        class="video"
        src={url}
        controls
        preload="metadata"
        aria-label={name}
        onError={retry}
      />
    );
  if (kind === "audio" && url !== undefined)
    return (
      <audio class="audio" src={url} controls preload="none" aria-label={name} onError={retry} />
    );
  return <FileRow attachment={attachment} url={url} />;
}

function FileRow({ attachment, url }: { attachment: Attachment; url: string | undefined }): VNode {
  const { name, bytes } = attachment;
  const locale = useLocale();
  return (
    <a class="file" {...(url !== undefined && { href: url })} download={name}>
      <svg class="icon" viewBox="0 0 24 24" aria-hidden="true">
        <path d="M6 3h8l5 5v13H6zM14 3v5h5M12 11v6M9.500 14.500L12 17l2.500-2.500" />
      </svg>
      <span class="file-name">
        <span class="one-line">{name}</span>
        <small>{sizeText(bytes, locale)}</small>
      </span>
    </a>
  );
}
