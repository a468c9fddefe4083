/** The first bytes of a blob's file: what is known of it, as a line of JSON padded with spaces (`head -1` shows it). */

export type Header = { content_type: string; created_at: number };

export const HEADER_BYTES = 512;

export function encodeHeader({ content_type, created_at }: Header): Uint8Array {
  const line = new TextEncoder().encode(JSON.stringify({ damso: 1, content_type, created_at }));
  if (line.byteLength >= HEADER_BYTES) throw new Error("a blob's content type is too long");
  const header = new Uint8Array(HEADER_BYTES).fill(0x20);
  header.set(line);
  header[HEADER_BYTES - 1] = 0x0a;
  return header;
}

/** Throws for a file that this store did not write. */
export function decodeHeader(header: Uint8Array, path: string): Header {
  const parsed = parse(new TextDecoder().decode(header));
  if (parsed?.damso !== 1) throw new Error(`not a blob file: ${path}`);
  return { content_type: String(parsed.content_type), created_at: Number(parsed.created_at) };
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
