/** An in-memory `Cell`. */
import type { Cell } from "@damso/core/ports/cell";

export function createFakeCell(first?: string): Cell {
  let text = first;
  return {
    read: () => Promise.resolve(text),
    swap(from, to) {
      if (text !== from) return Promise.resolve(false);
      text = to;
      return Promise.resolve(true);
    },
  };
}
