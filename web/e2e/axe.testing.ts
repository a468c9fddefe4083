/** Axe, for looking at a page as WCAG 2.2 AA and good practice would have it. */
import axe from "axe-core";
import type { Page } from "./browser.testing.ts";

type Look = { colorScheme?: "light" | "dark"; forcedColors?: "active" | "none"; contrast?: "more" };
const looks: Look[] = [
  { colorScheme: "light", contrast: "more" },
  { colorScheme: "light" },
  { colorScheme: "dark" },
];
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Given to the page as the test's own script, past the policy that keeps other scripts out. */
export async function loadAxe(page: Page): Promise<void> {
  await page.evaluate(axe.source);
}

/** A view in each of the looks; what it finds is said with the place and the reason. */
export async function check(page: Page, view: string): Promise<void> {
  for (const look of looks) {
    await page.emulateMedia({ reducedMotion: "reduce", ...look });
    const found = await page.evaluate(async (tags) => {
      const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run(
        document,
        { runOnly: tags, resultTypes: ["violations"] },
      );
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id} ${target.join(" ")}: ${failureSummary}`),
      );
    }, RULES);
    if (found.length > 0) {
      throw new Error(`${view} in ${JSON.stringify(look)}: ${found.slice(0, 6).join("\n")}`);
    }
  }
  await page.emulateMedia({ colorScheme: "light", contrast: "no-preference" });
}
