const SLIDING_MS = 160;

/**
 * What has a new place is seen to go there from its earlier one, given as a CSS translation. Nothing is laid out for
 * it, and for people who have asked for stillness it is there at once.
 */
export function slide(element: Element, from: string): void {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const easing = "ease-out";
  element.animate([{ translate: from }, { translate: "0" }], { duration: SLIDING_MS, easing });
}
