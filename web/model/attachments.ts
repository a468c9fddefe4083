/** Pictures and files on their way into a chat: chosen, uploaded, then sent as one message. */
import type { Attachment, ChannelId, Seq } from "@damso/sdk";
import type { ReadonlySignal } from "@preact/signals";
import { signal } from "@preact/signals";
import type { Picked, Uploaded } from "./api.ts";
import type { Context } from "./context.ts";
import { forgetFile, namesOf } from "./files-text.ts";
import type { Report } from "./report.ts";

const FILES_MAX = 10;
export const BYTES_MAX: number = 25 * 1024 * 1024;
const NAME_CODE_UNITS = 200;

/** What was chosen, with what is known of it when it is a picture. */
export type Chosen = {
  picked: Picked;
  size?: { width: number; height: number };
  thumbhash?: string;
};

export type Item = Chosen & {
  key: number;
  /** How much has been sent, from 0 to 1. */
  share: number;
  uploaded?: Uploaded;
};

export type Sending = {
  items: ReadonlySignal<readonly Item[]>;
  busy: ReadonlySignal<boolean>;
  /** What was not taken: too large, or one too many. */
  refused: ReadonlySignal<Refusal | undefined>;
  add: (chosen: readonly Chosen[]) => void;
  drop: (key: number) => void;
  /** Uploads what is not uploaded yet, then sends. False when something did not get there: again is possible. */
  send: (caption: string, reply_to?: Seq) => Promise<boolean>;
  /** The window is closed: what was not sent is not to be, and what is on the server for nothing goes. */
  stop: () => void;
};

export type Refusal = { why: "too_large"; name: string } | { why: "too_many" };

export function createSending(
  { api, client }: Context,
  channel: ChannelId,
  report: Report,
): Sending {
  const items = signal<readonly Item[]>([]);
  const busy = signal(false);
  const refused = signal<Refusal | undefined>(undefined);
  let keys = 0;
  let stopped = false;

  function change(key: number, more: Partial<Item>): void {
    items.value = items.peek().map((item) => (item.key === key ? { ...item, ...more } : item));
  }

  async function upload({ key, picked, uploaded }: Item): Promise<void> {
    if (uploaded) return;
    const stored = await api.upload(picked, (share) => change(key, { share }));
    if (stopped) forgetFile(api, stored.id);
    else change(key, { share: 1, uploaded: stored });
  }

  function drop(isGone: (item: Item) => boolean): void {
    const gone = items.peek().filter(isGone);
    items.value = items.peek().filter((item) => !gone.includes(item));
    for (const { uploaded } of gone) if (uploaded) forgetFile(api, uploaded.id);
  }

  return {
    items,
    busy,
    refused,
    add: (chosen) => {
      const large = chosen.find(({ picked }) => picked.bytes > BYTES_MAX);
      const fitting = chosen.filter(({ picked }) => picked.bytes <= BYTES_MAX && picked.bytes > 0);
      const room = FILES_MAX - items.peek().length;
      refused.value = large && { why: "too_large", name: large.picked.name };
      if (fitting.length > room) refused.value = { why: "too_many" };
      const added = fitting.slice(0, room).map((each) => ({ ...each, key: (keys += 1), share: 0 }));
      items.value = [...items.peek(), ...added];
    },
    drop: (key) => drop((item) => item.key === key),
    send: async (caption, reply_to) => {
      busy.value = true;
      const done = await report(Promise.all(items.peek().map(upload)));
      busy.value = false;
      if (!done || stopped) return false;
      const attachments = items.peek().flatMap(toAttachment);
      const body = caption.trim() === "" ? namesOf(attachments) : caption.trim();
      const options = { attachments, ...(reply_to !== undefined && { reply_to }) };
      const sent = report.now(() => void client.sendSoon(channel, body, options));
      // They are the message's now.
      if (sent) items.value = [];
      return sent;
    },
    stop: () => {
      stopped = true;
      drop(() => true);
    },
  };
}

function toAttachment({ picked, size, thumbhash, uploaded }: Item): Attachment[] {
  if (!uploaded) return [];
  const { id, content_type, bytes } = uploaded;
  return [
    {
      id,
      kind: kindOf(content_type),
      name: picked.name.slice(-NAME_CODE_UNITS),
      content_type,
      bytes,
      ...(size && { width: size.width, height: size.height }),
      ...(thumbhash !== undefined && thumbhash !== "" && { thumbhash }),
    },
  ];
}

function kindOf(content_type: string): Attachment["kind"] {
  const [kind] = content_type.split("/");
  return kind === "image" || kind === "video" || kind === "audio" ? kind : "file";
}
