/** Pictures and files in words, wherever there is one line for a message. */
import type { Attachment, Message, Pending } from "@damso/sdk";
import type { Context } from "./context.ts";
import type { Strings } from "./strings/strings.ts";

type Told = Pick<Message | Pending, "attachments" | "body">;

/**
 * The text of a message that is only files. Every message has a text, and this one says what there is to clients that
 * show no files.
 */
export function namesOf(attachments: readonly Attachment[]): string {
  return attachments.map(({ name }) => name).join(", ");
}

/** Whether the text only says the names of the files: then it is not shown beside them. */
export function isOnlyFiles({ attachments, body }: Told): boolean {
  return attachments !== undefined && attachments.length > 0 && body === namesOf(attachments);
}

/** An upload that nothing names any more. */
export function forgetFile(api: Context["api"], media_id: string): void {
  void api.ask("DELETE", `/v1/media/${encodeURIComponent(media_id)}`).catch(() => {});
}

/** The one line of a message: its text, or what its files are. */
export function lineOf(told: Told, strings: Strings): string {
  const { attachments = [], body = "" } = told;
  if (attachments.length === 0) return body;
  const images = attachments.filter(({ kind }) => kind === "image").length;
  if (!isOnlyFiles(told)) return images > 0 ? `📷 ${body}` : `📎 ${body}`;
  return images === attachments.length ? `📷 ${strings.photos(images)}` : `📎 ${body}`;
}
