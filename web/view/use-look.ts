/** Puts on the page what was chosen about its look; the style sheet does the rest. */
import { useLayoutEffect } from "preact/hooks";
import type { Look } from "../model/look.ts";

export function useLook(look: Look): void {
  const { theme, contrast, text } = look.values.value;
  useLayoutEffect(() => {
    const { dataset, style } = document.documentElement;
    dataset["theme"] = theme;
    dataset["contrast"] = contrast;
    style.setProperty("--text-size", `${text}%`);
    tintFrame();
  }, [theme, contrast, text]);
}

/** The bar above the page has the colour of the page, also where the system wants the other scheme. */
function tintFrame(): void {
  const ground = getComputedStyle(document.body).backgroundColor;
  for (const meta of document.querySelectorAll('meta[name="theme-color"]')) {
    meta.setAttribute("content", ground);
  }
}
