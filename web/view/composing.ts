/**
 * Whether a key belongs to the text that is being composed: it ends a Hangul syllable, or chooses among candidates. Safari
 * ends the composition before it tells of the key, and marks that with the number of the input method.
 */
export function isComposed({ isComposing, keyCode }: KeyboardEvent): boolean {
  return isComposing || keyCode === 229;
}
