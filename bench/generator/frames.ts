/** Text and control frames of RFC 6455, as much of it as a client of our own servers meets. */

/** The opcodes of RFC 6455 §5.2 that we handle. */
export const opcode = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/** Called with one whole frame: its payload is `text.slice(start, end)`, one char per byte. */
export type OnFrame = (code: number, text: string, start: number, end: number) => void;

/**
 * One masked client frame as a string of bytes. The mask is zero, which leaves the payload as it
 * is: masking protects proxies from hostile pages (RFC 6455 §10.3) and there is neither here.
 */
export function encodeFrame(code: number, payload: string): string {
  const first = String.fromCharCode(0x80 | code);
  const length = payload.length;
  if (length < 126) return `${first}${String.fromCharCode(0x80 | length)}\0\0\0\0${payload}`;
  if (length > 0xffff) throw new Error("the generator sends no frame above 64 KiB");
  const size = String.fromCharCode(0x80 | 126, length >> 8, length & 255);
  return `${first}${size}\0\0\0\0${payload}`;
}

/**
 * Calls `onFrame` for every whole unmasked frame of `text` and answers where the rest begins.
 * Throws on a fragment: our servers send whole messages.
 */
export function decodeFrames(text: string, onFrame: OnFrame): number {
  let at = 0;
  while (text.length - at >= 2) {
    const first = text.charCodeAt(at);
    if ((first & 0xf0) !== 0x80) throw new Error("a fragmented or extended frame");
    let length = text.charCodeAt(at + 1);
    let start = at + 2;
    if (length === 126) {
      length = integer(text, start, 2);
      start += 2;
    } else if (length === 127) {
      length = integer(text, start, 8);
      start += 8;
    }
    // Bytes of the length that have not come yet read as NaN, and no comparison with NaN holds.
    const end = start + length;
    if (!(end <= text.length)) break;
    onFrame(first & 0x0f, text, start, end);
    at = end;
  }
  return at;
}

function integer(text: string, start: number, width: number): number {
  let value = 0;
  for (let at = start; at < start + width; at += 1) value = value * 256 + text.charCodeAt(at);
  return value;
}
