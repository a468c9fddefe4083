import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { copyText } from "../copy.ts";
import { Icon } from "../icons.tsx";
import { Qr } from "./qr.tsx";
import { useScreens } from "./words.ts";

type Props = { url: string; text: string; title: string };

/** A link to give away: to scan, to copy, to share. */
export function LinkCard({ url, text, title }: Props): VNode {
  const words = useScreens();
  const [copied, setCopied] = useState(false);
  async function copy(): Promise<void> {
    await copyText(url);
    setCopied(true);
  }
  return (
    <div class="link-card">
      <Qr text={url} label={words.invite.qr} />
      <p class="section-hint">{text}</p>
      <p class="link-url" dir="ltr">
        {url.replace(/^https?:\/\//, "")}
      </p>
      <div class="pair">
        <button type="button" class="button primary" onClick={() => void copy()}>
          <Icon name={copied ? "check" : "link"} />
          <span aria-live="polite">{copied ? words.copied : words.copyLink}</span>
        </button>
        {"share" in navigator && (
          <button
            type="button"
            class="button"
            onClick={() => void navigator.share({ title, url }).catch(() => {})}
          >
            <Icon name="share" />
            {words.share}
          </button>
        )}
      </div>
    </div>
  );
}
