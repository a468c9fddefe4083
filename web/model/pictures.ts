/** The pictures of a chat, as far as it is drawn, each with who sent it and when. */
import type { Attachment, UserId } from "@damso/sdk";
import type { Item } from "./items.ts";

export type Picture = {
  key: string;
  image: Attachment;
  sender_id: UserId;
  own: boolean;
  at: string;
};

/** One file may stand in several messages: `within` is the key of the bubble. */
export function pictureKey(within: string, { id }: Pick<Attachment, "id">): string {
  return `${within} ${id}`;
}

/** In the order of their messages; what is deleted shows nothing. */
export function picturesIn(items: readonly Item[]): Picture[] {
  return items.flatMap((item) => {
    if (item.kind !== "bubble") return [];
    const { key, source, sender_id, own, at } = item.bubble;
    const told = source.kind === "message" ? source.message : source.pending;
    if ("deleted_at" in told && told.deleted_at !== undefined) return [];
    return (told.attachments ?? [])
      .filter(({ kind }) => kind === "image")
      .map((image) => ({ key: pictureKey(key, image), image, sender_id, own, at }));
  });
}
