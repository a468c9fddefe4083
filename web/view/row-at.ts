/** The row of a list at some distance below the upper edge of the scroller; by halving, since rows stand in order. */
export function rowAt(list: Element, box: Element, below_px: number): Element | undefined {
  const edge = box.getBoundingClientRect().top + below_px;
  const rows = list.children;
  let first = 0;
  let end = rows.length;
  while (first < end) {
    const middle = (first + end) >> 1;
    if ((rows[middle]?.getBoundingClientRect().bottom ?? 0) > edge) end = middle;
    else first = middle + 1;
  }
  return rows[first] ?? undefined;
}

/** The same, of a message: the line of a day moves when older messages of that day come. */
export function messageAt(list: Element, box: Element, below_px: number): HTMLElement | undefined {
  return nextWith(rowAt(list, box, below_px), "seq");
}

/** The row itself, or the next one below it that carries this. */
export function nextWith(row: Element | undefined, name: "seq" | "at"): HTMLElement | undefined {
  let here = row;
  while (here && !(here instanceof HTMLElement && here.dataset[name])) {
    here = here.nextElementSibling ?? undefined;
  }
  return here;
}
