/** Whether two plain values are equal; a field that is `undefined` is as good as absent, the order of fields is nothing. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  for (const key in left) if (!same(left[key], right[key])) return false;
  for (const key in right) if (right[key] !== undefined && left[key] === undefined) return false;
  return true;
}

/** The first of these fields in which two records differ. */
export function differing<T extends object>(
  a: T,
  b: T,
  fields: readonly (keyof T)[],
): keyof T | undefined {
  return fields.find((field) => !same(a[field], b[field]));
}

/** A value in few words. */
export function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 80 ? `${text.slice(0, 80)}… (${text.length})` : text;
}
