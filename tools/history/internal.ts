/** What a transaction reads agrees with what it did itself before. */
import type { Transaction } from "./history.ts";
import type { Anomaly } from "./lists.ts";

type Known = { elements: readonly number[]; whole: boolean };

export function checkInternal({ id, outcome, micros }: Transaction): Anomaly[] {
  if (outcome !== "ok") return [];
  const known = new Map<string, Known>();
  const anomalies: Anomaly[] = [];
  for (const micro of micros) {
    const { elements, whole } = known.get(micro.list) ?? { elements: [], whole: false };
    if (micro.op === "append") {
      known.set(micro.list, { elements: [...elements, micro.element], whole });
    } else if (micro.elements) {
      const seen = whole ? micro.elements : micro.elements.slice(-elements.length || Infinity);
      if (seen.join(" ") !== elements.join(" ") && (whole || elements.length > 0)) {
        anomalies.push({
          name: "internal",
          text: `${id} does not read what it did to ${micro.list}`,
        });
      }
      known.set(micro.list, { elements: micro.elements, whole: true });
    }
  }
  return anomalies;
}
