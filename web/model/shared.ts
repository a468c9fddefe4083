/** What was shared in a chat: pictures, files, links. Looked for from the newest message backwards, some at a time. */
import type { Attachment, ChannelId, Message, Seq } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";
import { pieces } from "./body.ts";
import type { Context } from "./context.ts";
import { pageBefore } from "./history.ts";
import type { Report } from "./report.ts";

export type SharedFile = { attachment: Attachment; message: Message };
export type SharedLink = { url: string; message: Message };

export type Shared = {
  media: ReadonlySignal<readonly SharedFile[]>;
  files: ReadonlySignal<readonly SharedFile[]>;
  links: ReadonlySignal<readonly SharedLink[]>;
  /** How many messages have been looked at. */
  scanned: ReadonlySignal<number>;
  /** Whether there are earlier messages. */
  more: ReadonlySignal<boolean>;
  busy: ReadonlySignal<boolean>;
  /** Looks further back, at some hundred messages. */
  look: () => Promise<void>;
};

/** How many pages one look goes through: enough to find something, few enough to wait for. */
const PAGES = 3;

export function createShared({ api }: Context, channel: ChannelId, report: Report): Shared {
  const media = signal<readonly SharedFile[]>([]);
  const files = signal<readonly SharedFile[]>([]);
  const links = signal<readonly SharedLink[]>([]);
  const scanned = signal(0);
  const more = signal(true);
  const busy = signal(false);
  let before: Seq | undefined;

  async function page(): Promise<void> {
    const found = await pageBefore(api, channel, before);
    before = found.messages[0]?.seq ?? before;
    more.value = found.more_before && found.messages.length > 0;
    scanned.value += found.messages.length;
    for (const message of found.messages.toReversed()) sort(message);
  }

  function sort(message: Message): void {
    const attached = (message.attachments ?? []).map((attachment) => ({ attachment, message }));
    media.value = [...media.peek(), ...attached.filter(isMedia)];
    files.value = [...files.peek(), ...attached.filter((each) => !isMedia(each))];
    const found = pieces(message.body ?? "", []).filter(({ kind }) => kind === "link");
    links.value = [...links.peek(), ...found.map(({ text }) => ({ url: text, message }))];
  }

  return {
    media,
    files,
    links,
    scanned,
    more,
    busy,
    look: async () => {
      if (busy.peek()) return;
      busy.value = true;
      for (let count = 0; count < PAGES && more.peek(); count += 1) {
        if (!(await report(page()))) break;
      }
      busy.value = false;
    },
  };
}

function isMedia({ attachment }: SharedFile): boolean {
  return attachment.kind === "image" || attachment.kind === "video";
}
