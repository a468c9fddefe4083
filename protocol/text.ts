/**
 * Text rules: well-formed Unicode without U+0000, counted in code points, otherwise kept as sent.
 * Rules: P5 (text), P6 (length).
 */
import type { ErrorCode } from "./codes.ts";

/** Code points of a well-formed string; a surrogate pair is one. Cost is linear, so callers check the UTF-16 length first. */
export function codePoints(text: string): number {
  let count = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit >= 0xd800 && unit < 0xdc00) count--;
  }
  return count;
}

export function isCleanText(text: string): boolean {
  return text.isWellFormed() && !text.includes("\0");
}

/** True when `text` has at most `max` code points, without counting when its UTF-16 length already tells. */
export function withinCodePoints(text: string, max: number): boolean {
  if (text.length <= max) return true;
  if (text.length > 2 * max) return false;
  return codePoints(text) <= max;
}

/** What is wrong with a text, or undefined. */
export function textFault(text: string, max: number): ErrorCode | undefined {
  if (text.length === 0) return "empty";
  if (!withinCodePoints(text, max)) return "too_long";
  if (!isCleanText(text)) return "invalid_text";
  return undefined;
}

/** UTF-8 bytes of a well-formed string. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // A surrogate pair is two units and four bytes: each half adds one to its unit.
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}

/** True when the UTF-8 form has at most `max` bytes, without a pass over the text when its length already tells. */
export function withinBytes(text: string, max: number): boolean {
  if (text.length * 3 <= max) return true;
  if (text.length > max) return false;
  return utf8Bytes(text) <= max;
}

/** The first `units` UTF-16 units, one fewer where the cut would split a surrogate pair. */
export function cutText(text: string, units: number): string {
  if (text.length <= units) return text;
  const last = text.charCodeAt(units - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? units - 1 : units);
}
