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
