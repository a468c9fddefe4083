import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { Glyph } from "./glyphs.tsx";
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
          <Glyph name={copied ? "check" : "link"} />
          <span aria-live="polite">{copied ? words.copied : words.copyLink}</span>
        </button>
        {"share" in navigator && (
          <button
            type="button"
            class="button"
            onClick={() => void navigator.share({ title, url }).catch(() => {})}
          >
            <Glyph name="share" />
            {words.share}
          </button>
        )}
      </div>
    </div>
  );
}

/** Browsers have a clipboard only where the page came safely: https, or this machine. */
async function copyText(text: string): Promise<void> {
  if (isSecureContext) return await navigator.clipboard.writeText(text);
  const box = document.createElement("textarea");
  box.value = text;
  // Inside the dialog: outside of it nothing can be selected.
  (document.querySelector("dialog[open]") ?? document.body).append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
}
