import type { ReadonlySignal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { Context } from "../../model/context.ts";
import type { Report } from "../../model/report.ts";
import { createReporting } from "../../model/report.ts";
import { useHome } from "../app-context.ts";

type Panel = { context: Context; report: Report; notice: ReadonlySignal<string> };

/** What a panel is made of. It tells of failures itself, because it lies over the page. */
export function usePanel(): Panel {
  const { context } = useHome();
  const [reporting] = useState(() => createReporting(context));
  return { context, ...reporting };
}
