import type { Attachment } from "@damso/sdk";
import type { VNode } from "preact";
import { useEffect, useState } from "preact/hooks";
import { useSource } from "../use-source.ts";

/** A picture that fills its box; until it is here, a blur of it. What it stands in says what it is. */
export function Thumb({ attachment }: { attachment: Attachment }): VNode {
  const { id, thumbhash } = attachment;
  const { url, retry } = useSource(id);
  const [shown, setShown] = useState(false);
  const blur = useBlur(shown ? undefined : thumbhash);
  return (
    <span class="thumb">
      {blur !== undefined && <img class="blur" src={blur} alt="" />}
      {url !== undefined && (
        <img
          src={url}
          alt=""
          class={shown ? "" : "coming"}
          loading="lazy"
          decoding="async"
          draggable={false}
          onLoad={() => setShown(true)}
          onError={retry}
        />
      )}
    </span>
  );
}

function useBlur(thumbhash: string | undefined): string | undefined {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    if (thumbhash === undefined || thumbhash === "") return;
    let wanted = true;
    void import("./blur.ts").then(({ blurOf }) => wanted && setUrl(blurOf(thumbhash)));
    return () => {
      wanted = false;
    };
  }, [thumbhash]);
  return thumbhash === undefined ? undefined : url;
}
