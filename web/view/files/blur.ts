import { thumbHashToDataURL } from "thumbhash";

/** A thumbhash as the address of a picture; undefined for what is none. */
export function blurOf(thumbhash: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(thumbhash), (letter) => letter.codePointAt(0) ?? 0);
    return bytes.length < 5 ? undefined : thumbHashToDataURL(bytes);
  } catch {
    return undefined;
  }
}
