/** Lets go of what a map has held longest when it holds more than `max`. Set a key anew to make it the newest. */
export function keepNewest(map: Map<unknown, unknown>, max: number): void {
  if (map.size > max) map.delete(map.keys().next().value);
}
