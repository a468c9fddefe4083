/**
 * What is known of an object, kept in its content type: `image/png; created-at=1790000000000`. Bun's client sends no
 * metadata of one's own, and the store's own time of an object is that of the last copy. Who ignores the parameter, as
 * browsers do, sees the type.
 */

export type Meta = { content_type: string; created_at: number };

const PARAMETER = /^(.*); created-at=(\d{1,16})$/;
const HEADER = /^[\x20-\x7e]{1,200}$/;

export function encodeMeta({ content_type, created_at }: Meta): string {
  if (!HEADER.test(content_type)) throw new Error("a blob's content type is no header's text");
  return `${content_type}; created-at=${created_at}`;
}

/** Throws for an object that this store did not write. */
export function decodeMeta(text: string, key: string): Meta {
  const [, content_type, created_at] = PARAMETER.exec(text) ?? [];
  if (content_type === undefined) throw new Error(`not an object of this store: ${key}`);
  return { content_type, created_at: Number(created_at) };
}
